/** Cookies as a browser keeps them for hosts that use no Domain attribute: every cookie is host-only. */

export interface Cookie {
  host: string
  name: string
  value: string
  path: string
  secure: boolean
  httpOnly: boolean
  sameSite: 'strict' | 'lax' | 'none'
  /** Milliseconds since 1970; Infinity for a session cookie. */
  expiresAt: number
}

/** How a request relates to the site that asks for it; it decides which SameSite cookies go along. */
export interface RequestContext {
  sameSite: boolean
  topLevelGet: boolean
}

export interface CookieJar {
  /** Takes `Set-Cookie` headers of an answer from `url`, as far as a browser would. */
  store: (url: URL, setCookies: readonly string[]) => void
  /** The value for a `Cookie` header, empty if there is none to send. */
  header: (url: URL, context?: RequestContext) => string
  get: (host: string, name: string) => Cookie | undefined
  /** Puts a cookie there as it is, for tests that steal or keep one. */
  set: (cookie: Cookie) => void
  delete: (host: string, name: string) => void
  all: () => Cookie[]
  /** `Set-Cookie` headers that were not accepted, with the reason. */
  refused: { header: string; host: string; reason: string }[]
}

const LONGEST_LIFE_MS = 400 * 86_400_000

/** Browsers take loopback names for secure, so `Secure` works there without TLS. */
export const isSecureContext = ({ protocol, hostname }: URL): boolean =>
  /^(https|wss):$/.test(protocol) || hostname === 'localhost' || hostname.endsWith('.localhost')

function attributesOf(text: string): Map<string, string> {
  const pairs = text.split(';').map((part): [string, string] => {
    const [key = '', ...value] = part.split('=')
    return [key.trim().toLowerCase(), value.join('=').trim()]
  })
  return new Map(pairs)
}

function expiryOf(attributes: Map<string, string>, now: number): number {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) {
    return now + Math.min(Number(maxAge) * 1000, LONGEST_LIFE_MS)
  }
  const expires = Date.parse(attributes.get('expires') ?? '')
  return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : Math.min(expires, now + LONGEST_LIFE_MS)
}

function parse(header: string, url: URL, now: number): Cookie {
  const [pair = '', ...rest] = header.split(';')
  const [name = '', ...value] = pair.split('=')
  const attributes = attributesOf(rest.join(';'))
  const path = attributes.get('path')
  const sameSite = attributes.get('samesite')?.toLowerCase()
  return {
    host: url.hostname,
    name: name.trim(),
    value: value.join('=').trim(),
    path: path?.startsWith('/') ? path : url.pathname.replace(/\/[^/]*$/, '') || '/',
    secure: attributes.has('secure'),
    httpOnly: attributes.has('httponly'),
    sameSite: sameSite === 'strict' || sameSite === 'none' ? sameSite : 'lax',
    expiresAt: expiryOf(attributes, now),
  }
}

/** Why a browser would not take a cookie, or why this jar does not, or `null` (RFC 6265bis, 5.7). */
function problem(cookie: Cookie, header: string, url: URL): string | null {
  const hasDomain = /;\s*domain\s*=\s*[^;\s]/i.test(header)
  if (!cookie.name) return 'no name'
  if (hasDomain) return 'has a Domain'
  if (cookie.secure && !isSecureContext(url)) return 'Secure over plain HTTP'
  if (/^__(host|secure)-/i.test(cookie.name) && !cookie.secure) return 'prefix without Secure'
  if (/^__host-/i.test(cookie.name) && cookie.path !== '/') return '__Host- with a Path'
  if (cookie.sameSite === 'none' && !cookie.secure) return 'SameSite=None without Secure'
  return null
}

const pathMatches = (path: string, cookiePath: string): boolean =>
  path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`)

function goesAlong(cookie: Cookie, context: RequestContext): boolean {
  if (context.sameSite || cookie.sameSite === 'none') return true
  return cookie.sameSite === 'lax' && context.topLevelGet
}

export function createCookieJar(now: () => number = Date.now): CookieJar {
  const cookies = new Map<string, Cookie>()
  const refused: CookieJar['refused'] = []
  const keyOf = ({ host, path, name }: Cookie) => JSON.stringify([host, path, name])
  const alive = () => [...cookies.values()].filter(({ expiresAt }) => expiresAt > now())
  const find = (host: string, name: string) => alive().filter((c) => c.host === host && c.name === name)

  function store(url: URL, setCookies: readonly string[]): void {
    for (const header of setCookies) {
      const cookie = parse(header, url, now())
      const reason = problem(cookie, header, url)
      if (reason) refused.push({ header, host: url.hostname, reason })
      else if (cookie.expiresAt <= now()) cookies.delete(keyOf(cookie))
      else cookies.set(keyOf(cookie), cookie)
    }
  }

  return {
    store,
    refused,
    header: (url, context = { sameSite: true, topLevelGet: true }) =>
      alive()
        .filter((c) => c.host === url.hostname && pathMatches(url.pathname, c.path))
        .filter((c) => (!c.secure || isSecureContext(url)) && goesAlong(c, context))
        .sort((a, b) => b.path.length - a.path.length)
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
    get: (host, name) => find(host, name)[0],
    set: (cookie) => void cookies.set(keyOf(cookie), cookie),
    delete: (host, name) => {
      for (const cookie of find(host, name)) cookies.delete(keyOf(cookie))
    },
    all: alive,
  }
}
