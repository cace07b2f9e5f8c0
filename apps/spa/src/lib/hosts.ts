/** Which of the two sites this page is, and the platform's other hosts, from the page's own address. */
import { type Hosts, hostsOf, singleHostsOf } from '@matrixos/shared'

export interface Site extends Hosts {
  kind: 'app' | 'landing'
  /** One person's own computer, and no platform. */
  isSingle: boolean
  /** Where a person finds an instance: its host, with the port if there is one. */
  address: (handle: string) => string
  /** What follows the handle in an address, e.g. `.localhost:8080`. */
  addressSuffix: string
}

interface Named {
  instanceDomain?: string | null | undefined
  single?: string | null | undefined
}

/** As the server names them; unfilled or empty, instances live below the platform's own domain. */
export function siteOf(
  location: { protocol: string; host: string },
  { instanceDomain, single }: Named = {},
): Site {
  const kind = location.host.startsWith('app.') ? 'app' : 'landing'
  const domain = kind === 'app' ? location.host.slice('app.'.length) : location.host
  const named = instanceDomain && !instanceDomain.startsWith('__') ? instanceDomain : undefined
  const url = `${location.protocol}//${domain}`
  const isSingle = single === '1'
  const hosts = isSingle ? singleHostsOf(url) : hostsOf(url, named)
  const address = (handle: string) => new URL(hosts.instanceOrigin(handle)).host
  // Any handle shows what follows it.
  return { kind, isSingle, ...hosts, address, addressSuffix: isSingle ? '' : address('x').slice(1) }
}

const named = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content

let current: Site | undefined

/** The site of the page in the browser. */
export function site(): Site {
  current ??= siteOf(location, { instanceDomain: named('instance-domain'), single: named('single') })
  return current
}
