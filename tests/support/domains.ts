/**
 * Names that a stack can live under, and how browsers see them. Made-up ones lead to this machine by rules of the
 * browser's; `localhost` needs none, and each name directly below it is a site of its own.
 */
import { type Hosts, hostsFrom } from '@matrixos/shared'

export interface Domains {
  /** Without a port. */
  publicUrl: string
  /** Unset: below the platform's own. */
  instanceDomain?: string
}

export const DOMAINS = {
  /** Browsers keep no cookie for all of `localhost`, so hosts below it are safe from each other. */
  localhost: { publicUrl: 'http://localhost' },
  /** Instances on a site of their own, without TLS. */
  localhostTwo: { publicUrl: 'http://localhost', instanceDomain: 'mos-inst.localhost' },
  /** One registrable domain for all. */
  one: { publicUrl: 'https://mos.test' },
  /** Instances on a registrable domain of their own, which they share. */
  two: { publicUrl: 'https://mos.test', instanceDomain: 'mos-inst.test' },
  /** Browsers take an unknown top-level name for a public suffix: each instance is a site of its own. */
  suffix: { publicUrl: 'https://mos.test', instanceDomain: 'mosinst' },
} as const satisfies Record<string, Domains>

export const usesTls = ({ publicUrl }: Domains): boolean => publicUrl.startsWith('https:')

export const hostsAt = ({ publicUrl, instanceDomain }: Domains, port: number, single = false): Hosts =>
  hostsFrom({ PUBLIC_URL: `${publicUrl}:${port}`, INSTANCE_DOMAIN: instanceDomain, SINGLE: single })

/** Chromium's rules that lead all made-up names to this machine. */
export const RESOLVER_RULES = ['mos.test', '*.mos.test', '*.mos-inst.test', '*.mosinst']
  .map((name) => `MAP ${name} 127.0.0.1`)
  .join(', ')
