/** What instances may reach of this machine and of private networks: the AI proxy, and what the operator names. */
import { isIP } from 'node:net'
import { z } from 'zod'
import type { Opening } from './ports/runtime.ts'

/** Throws for what is no address with a port: a name could lead elsewhere tomorrow. */
function parseOpening(text: string): Opening | null {
  const [, host = '', port = ''] = /^\[?([0-9a-fA-F.:]+?)\]?:(\d{1,5})$/.exec(text.trim()) ?? []
  const number = Number(port)
  return isIP(host) !== 0 && number >= 1 && number <= 65_535 ? { host, port: number } : null
}

/** `10.201.0.1:8008, [fd00::1]:8008` */
export const OPENINGS = z.string().transform((text, context) => {
  const parts = text.split(',').filter((part) => part.trim() !== '')
  return parts.flatMap((part) => {
    const opening = parseOpening(part)
    if (opening) return [opening]
    context.addIssue({ code: 'custom', message: 'Expected ADDRESS:PORT, separated by commas' })
    return []
  })
})

interface Settings {
  AI_PROXY_URL: string
  INSTANCES_MAY_REACH: readonly Opening[]
  INSTANCE_HOMESERVER_URL?: string | undefined
}

/** Where the AI proxy answers instances; none where it is reached by name, which they may not resolve alike. */
export const proxyOpening = ({ AI_PROXY_URL }: Pick<Settings, 'AI_PROXY_URL'>): Opening[] =>
  openingOf(AI_PROXY_URL)

function openingOf(url: string): Opening[] {
  const { hostname, port, protocol } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 ? [] : [{ host, port: Number(port) || (protocol === 'https:' ? 443 : 80) }]
}

/** A proxy that is reached by name has to be named by address as well, unless it is on the internet. */
export const openingsOf = (settings: Settings): Opening[] => [
  ...proxyOpening(settings),
  ...(settings.INSTANCE_HOMESERVER_URL === undefined ? [] : openingOf(settings.INSTANCE_HOMESERVER_URL)),
  ...settings.INSTANCES_MAY_REACH,
]
