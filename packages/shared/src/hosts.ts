/** The platform's host names and origins, derived from its one public URL. */
import { APP_SEPARATOR, isAppName } from './app-names.ts'

/** What is at an instance's host name: the computer itself, or one of its apps, which is an origin of its own. */
export interface HostedAt {
  handle: string
  /** `null`: the computer itself. */
  app: string | null
}

export interface Hosts {
  /** `http:` or `https:`. */
  protocol: 'http:' | 'https:'
  /** Host names without a port. */
  domain: string
  app: string
  api: string
  /** The homeserver, where the platform has one. */
  matrix: string
  /** Hosts that the platform itself answers. One person's own computer is at the domain, which then is not among them. */
  platform: readonly string[]
  instanceDomain: string
  /** Origins with the port, if it is not the scheme's own. */
  landingOrigin: string
  appOrigin: string
  apiOrigin: string
  matrixOrigin: string
  instanceOrigin: (handle: string) => string
  /** Host name (no port) of one's instance. */
  instanceHost: (handle: string) => string
  /** `NAME--HANDLE.INSTANCE_DOMAIN`, of one's own computer too: an app is never at its owner's origin. */
  instanceAppOrigin: (handle: string, app: string) => string
  /** Host name (no port) of an app. */
  instanceAppHost: (handle: string, app: string) => string
  /**
   * What is at an instance's host name, or `null` for any other host. Case and port are ignored. The handle is `UNCLAIMED`
   * for the host of one person's own computer before anybody has claimed it.
   */
  hostedAt: (host: string) => HostedAt | null
}

/** In place of a handle, and none itself. */
export const UNCLAIMED = ''

const labelOf = (handle: string, app: string): string => `${app}${APP_SEPARATOR}${handle}`

/** `null`: two names with the separator between them, of which the first is no app's. */
function readLabel(label: string): HostedAt | null {
  const at = label.lastIndexOf(APP_SEPARATOR)
  if (at < 0) return { handle: label, app: null }
  const app = label.slice(0, at)
  return isAppName(app) ? { handle: label.slice(at + APP_SEPARATOR.length), app } : null
}

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
    matrix: `matrix.${domain}`,
    platform,
    instanceDomain: instances,
    landingOrigin: origin(domain),
    appOrigin: origin(`app.${domain}`),
    apiOrigin: origin(`api.${domain}`),
    matrixOrigin: origin(`matrix.${domain}`),
    instanceOrigin: (handle) => origin(`${handle}${suffix}`),
    instanceHost: (handle) => `${handle}${suffix}`,
    instanceAppOrigin: (handle, app) => origin(`${labelOf(handle, app)}${suffix}`),
    instanceAppHost: (handle, app) => `${labelOf(handle, app)}${suffix}`,
    hostedAt: (host) => {
      const name = nameIn(host)
      if (!name.endsWith(suffix) || platform.includes(name)) return null
      const label = name.slice(0, -suffix.length)
      return label.includes('.') || label === '' ? null : readLabel(label)
    },
  }
}

/**
 * One person's computer at the domain itself; its pages for signing in and for settings stay at `app.DOMAIN`. Without
 * `handle`, nobody here knows whose it is: then any handle's apps are taken for its own, and the gate decides.
 */
export function singleHostsOf(publicUrl: string, handle?: () => string | null): Hosts {
  const hosts = hostsOf(publicUrl)
  return {
    ...hosts,
    platform: [hosts.app, hosts.api],
    instanceOrigin: () => hosts.landingOrigin,
    instanceHost: () => hosts.domain,
    hostedAt(host) {
      if (nameIn(host) === hosts.domain) return { handle: handle?.() ?? UNCLAIMED, app: null }
      const at = hosts.hostedAt(host)
      return at && at.app !== null && (!handle || at.handle === handle()) ? at : null
    },
  }
}
