/** The platform's cookies: no `Domain` on any, so no instance's host can read or set them. */
import { PASS_COOKIE } from '@matrixos/shared'
import { parse, serialize } from 'hono/utils/cookie'

/** Names and attributes as the design of identity lists them; lives in seconds. */
export const COOKIES = {
  session: { name: '__Host-mos_sid', sameSite: 'Lax', maxAge: 3600 },
  refresh: { name: '__Host-mos_rt', sameSite: 'Strict', maxAge: 7 * 86_400 },
  /** Binds a challenge to the browser that asked for it. */
  browser: { name: '__Host-mos_browser', sameSite: 'Strict', maxAge: 3600 },
  /** On the host of an instance or of an app: who is signed in there. */
  app: { name: '__Host-mos_app', sameSite: 'Lax', maxAge: 3600 },
  /** On an instance's host: the pass that the edge itself looks at. */
  pass: { name: PASS_COOKIE, sameSite: 'Lax', maxAge: 3600 },
  /** There, too: the nonce of a hand-off under way. */
  handOff: { name: '__Host-mos_st', sameSite: 'Lax', maxAge: 300 },
} as const

export type CookieKey = keyof typeof COOKIES

export const readCookie = (header: string | null | undefined, key: CookieKey): string | undefined =>
  header ? parse(header, COOKIES[key].name)[COOKIES[key].name] : undefined

/**
 * All values of that name, oldest first: a page in a frame may have one of its own beside the one of a tab, and where both
 * are of one site a browser sends both.
 */
export const readCookies = (header: string | null | undefined, key: CookieKey): string[] =>
  (header ?? '')
    .split(';')
    .map((pair) => readCookie(pair, key))
    .filter((value) => value !== undefined)

/**
 * A `Set-Cookie` value; `null` deletes. Browsers accept `Secure` on `http://*.localhost` too. `isFramed`: for a frame in a
 * page of another site; the browser keeps it for frames in pages of that site alone.
 */
export function setCookie(key: CookieKey, value: string | null, { isFramed = false } = {}): string {
  const { name, sameSite, maxAge } = COOKIES[key]
  const life = value === null ? 0 : maxAge
  const reach = isFramed ? ({ sameSite: 'None', partitioned: true } as const) : { sameSite }
  return serialize(name, value ?? '', { path: '/', secure: true, httpOnly: true, ...reach, maxAge: life })
}
