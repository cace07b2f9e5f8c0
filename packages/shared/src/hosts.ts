/** The platform's host names and origins, derived from its one public URL. */

export interface Hosts {
  /** `http:` or `https:`. */
  protocol: 'http:' | 'https:'
  /** Host names without a port. */
  domain: string
  app: string
  api: string
  /** Hosts that the platform itself answers. One person's own computer is at the domain, which then is not among them. */
  platform: readonly string[]
  instanceDomain: string
  /** Origins with the port, if it is not the scheme's own. */
  landingOrigin: string
  appOrigin: string
  apiOrigin: string
  instanceOrigin: (handle: string) => string
  /** Host name (no port) of one's instance. */
  instanceHost: (handle: string) => string
  /**
   * The handle of an instance's host name, or `null` for any other host. Case and port are ignored. `UNCLAIMED` for the
   * host of one person's own computer before anybody has claimed it.
   */
  handleOf: (host: string) => string | null
}

/** In place of a handle, and none itself. */
export const UNCLAIMED = ''

const nameIn = (host: string): string => host.toLowerCase().replace(/:\d+$/, '')

/** `publicUrl` is the landing page's URL, e.g. `http://localhost:8080`; `instanceDomain` defaults to its host. */
export function hostsOf(publicUrl: string, instanceDomain?: string): Hosts {
  const url = new URL(publicUrl)
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:'
  const domain = url.hostname
  const instances = (instanceDomain ?? domain).toLowerCase()
  const origin = (host: string) => `${protocol}//${host}${url.port ? `:${url.port}` : ''}`
  const suffix = `.${instances}`
  const platform = [domain, `app.${domain}`, `api.${domain}`]
  return {
    protocol,
    domain,
    app: `app.${domain}`,
    api: `api.${domain}`,
    platform,
    instanceDomain: instances,
    landingOrigin: origin(domain),
    appOrigin: origin(`app.${domain}`),
    apiOrigin: origin(`api.${domain}`),
    instanceOrigin: (handle) => origin(`${handle}${suffix}`),
    instanceHost: (handle) => `${handle}${suffix}`,
    handleOf: (host) => {
      const name = nameIn(host)
      if (!name.endsWith(suffix) || platform.includes(name)) return null
      const label = name.slice(0, -suffix.length)
      return label.includes('.') || label === '' ? null : label
    },
  }
}

/** One person's computer at the domain itself; its pages for signing in and for settings stay at `app.DOMAIN`. */
export function singleHostsOf(publicUrl: string, handle: () => string | null = () => null): Hosts {
  const hosts = hostsOf(publicUrl)
  return {
    ...hosts,
    platform: [hosts.app, hosts.api],
    instanceOrigin: () => hosts.landingOrigin,
    instanceHost: () => hosts.domain,
    handleOf: (host) => (nameIn(host) === hosts.domain ? (handle() ?? UNCLAIMED) : null),
  }
}
