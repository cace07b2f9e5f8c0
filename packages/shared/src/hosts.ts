/** The platform's host names and origins, derived from its one public URL. */

export interface Hosts {
  /** `http:` or `https:`. */
  protocol: 'http:' | 'https:'
  /** Host names without a port. */
  domain: string
  app: string
  api: string
  instanceDomain: string
  /** Origins with the port, if it is not the scheme's own. */
  landingOrigin: string
  appOrigin: string
  apiOrigin: string
  instanceOrigin: (handle: string) => string
  /** Host name (no port) of one's instance. */
  instanceHost: (handle: string) => string
  /** The handle of an instance's host name, or `null` for any other host. Case and port are ignored. */
  handleOf: (host: string) => string | null
}

/** `publicUrl` is the landing page's URL, e.g. `http://localhost:8080`; `instanceDomain` defaults to its host. */
export function hostsOf(publicUrl: string, instanceDomain?: string): Hosts {
  const url = new URL(publicUrl)
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:'
  const domain = url.hostname
  const instances = (instanceDomain ?? domain).toLowerCase()
  const origin = (host: string) => `${protocol}//${host}${url.port ? `:${url.port}` : ''}`
  const suffix = `.${instances}`
  const platform = new Set([domain, `app.${domain}`, `api.${domain}`])
  return {
    protocol,
    domain,
    app: `app.${domain}`,
    api: `api.${domain}`,
    instanceDomain: instances,
    landingOrigin: origin(domain),
    appOrigin: origin(`app.${domain}`),
    apiOrigin: origin(`api.${domain}`),
    instanceOrigin: (handle) => origin(`${handle}${suffix}`),
    instanceHost: (handle) => `${handle}${suffix}`,
    handleOf: (host) => {
      const name = host.toLowerCase().replace(/:\d+$/, '')
      if (!name.endsWith(suffix) || platform.has(name)) return null
      const label = name.slice(0, -suffix.length)
      return label.includes('.') || label === '' ? null : label
    },
  }
}
