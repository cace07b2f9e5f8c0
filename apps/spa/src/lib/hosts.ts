/** Which of the two sites this page is, and the platform's other hosts, from the page's own address. */
import { type Hosts, hostsOf } from '@matrixos/shared'

export interface Site extends Hosts {
  kind: 'app' | 'landing'
  /** Where a person finds an instance: its host, with the port if there is one. */
  address: (handle: string) => string
  /** What follows the handle in an address, e.g. `.localhost:8080`. */
  addressSuffix: string
}

/** `instanceDomain`: as the server names it; unfilled or empty, instances live below the platform's own domain. */
export function siteOf(location: { protocol: string; host: string }, instanceDomain?: string | null): Site {
  const kind = location.host.startsWith('app.') ? 'app' : 'landing'
  const domain = kind === 'app' ? location.host.slice('app.'.length) : location.host
  const named = instanceDomain && !instanceDomain.startsWith('__') ? instanceDomain : undefined
  const hosts = hostsOf(`${location.protocol}//${domain}`, named)
  const address = (handle: string) => new URL(hosts.instanceOrigin(handle)).host
  // Any handle shows what follows it.
  return { kind, ...hosts, address, addressSuffix: address('x').slice(1) }
}

let current: Site | undefined

/** The site of the page in the browser. */
export function site(): Site {
  current ??= siteOf(
    location,
    document.querySelector<HTMLMetaElement>('meta[name="instance-domain"]')?.content,
  )
  return current
}
