/** Where to go after signing in: the hand-off to an instance, or a page of the app that needs a session. */

const PAGES = ['/settings', '/admin', '/device', '/credits']

const isOurs = ({ pathname, search }: URL): boolean =>
  pathname === '/launch'
    ? search !== ''
    : PAGES.some((page) => pathname === page || pathname.startsWith(`${page}/`))

/** The path to go to, or `null` when `next` is anything but one of these pages of this origin. */
export function safeNext(next: string | undefined, origin: string): string | null {
  if (!next?.startsWith('/')) return null
  const url = URL.parse(next, origin)
  return url?.origin === origin && isOurs(url) ? url.pathname + url.search : null
}
