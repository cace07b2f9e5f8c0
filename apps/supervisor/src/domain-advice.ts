/** Whether instances can harm the platform through cookies; the domain names alone decide that. */
import { getDomain } from 'tldts'
import type { Settings } from './settings.ts'

const isLocal = (host: string) => /(^|\.)localhost$|^[\d.]+$|^\[/.test(host)

/**
 * The smallest domain for which a page of this host can set cookies, by the Public Suffix List; `null` where that
 * is the host itself or less.
 */
const cookieDomainOf = (host: string) => getDomain(host, { allowPrivateDomains: true })

/** What to say at the start, or `null`: instances have a registrable domain of their own, or nobody else is here. */
export function domainAdvice(
  settings: Pick<Settings, 'publicUrl' | 'instanceDomain' | 'single'>,
): string | null {
  const { hostname } = new URL(settings.publicUrl)
  const shared = cookieDomainOf(hostname)
  if (settings.single || isLocal(hostname) || shared === null) return null
  if (cookieDomainOf(`instance.${settings.instanceDomain}`) !== shared) return null
  return (
    `Instances share the domain ${shared} with the platform: any instance's page can sign people out by setting ` +
    'cookies. Set INSTANCE_DOMAIN to a registrable domain of its own (deploy/README.md, "DNS").'
  )
}
