/** The platform's cookies: no `Domain` on any, so no instance's host can read or set them. */
import { PASS_COOKIE } from '@matrixos/shared'
import { parse, serialize } from 'hono/utils/cookie'

/** Names and attributes as the design of identity lists them; lives in seconds. */
export const COOKIES = {
  session: { name: '__Host-mos_sid', sameSite: 'Lax', maxAge: 3600 },
  refresh: { name: '__Host-mos_rt', sameSite: 'Strict', maxAge: 7 * 86_400 },
  /** Binds a challenge to the browser that asked for it. */
  browser: { name: '__Host-mos_browser', sameSite: 'Strict', maxAge: 3600 },
  /** On an instance's host: who is signed in there. */
  app: { name: '__Host-mos_app', sameSite: 'Lax', maxAge: 3600 },
  /** On an instance's host: the pass that the edge itself looks at. */
  pass: { name: PASS_COOKIE, sameSite: 'Lax', maxAge: 3600 },
  /** On an instance's host: the nonce of a hand-off under way. */
  handOff: { name: '__Host-mos_st', sameSite: 'Lax', maxAge: 300 },
} as const

export type CookieKey = keyof typeof COOKIES

export const readCookie = (header: string | null | undefined, key: CookieKey): string | undefined =>
  header ? parse(header, COOKIES[key].name)[COOKIES[key].name] : undefined

/** A `Set-Cookie` value; `null` deletes. Browsers accept `Secure` on `http://*.localhost` too. */
export function setCookie(key: CookieKey, value: string | null): string {
  const { name, sameSite, maxAge } = COOKIES[key]
  const life = value === null ? 0 : maxAge
  return serialize(name, value ?? '', { path: '/', secure: true, httpOnly: true, sameSite, maxAge: life })
}
