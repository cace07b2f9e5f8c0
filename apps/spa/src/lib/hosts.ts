/** Which of the two sites this page is, and the platform's other hosts, from the page's own address. */
import { type Hosts, hostsOf } from '@matrixos/shared'

export interface Site extends Hosts {
  kind: 'app' | 'landing'
}

/** `instanceDomain`: as the server names it; unfilled or empty, instances live below the platform's own domain. */
export function siteOf(location: { protocol: string; host: string }, instanceDomain?: string | null): Site {
  const kind = location.host.startsWith('app.') ? 'app' : 'landing'
  const domain = kind === 'app' ? location.host.slice('app.'.length) : location.host
  const named = instanceDomain && !instanceDomain.startsWith('__') ? instanceDomain : undefined
  return { kind, ...hostsOf(`${location.protocol}//${domain}`, named) }
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
