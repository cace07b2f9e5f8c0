/** Where to go after signing in. Only the platform's own hand-off to an instance may be named. */

/** The path to go to, or `null` when `next` is anything but this origin's `/launch?…`. */
export function safeNext(next: string | undefined, origin: string): string | null {
  if (!next?.startsWith('/launch?')) return null
  const url = URL.parse(next, origin)
  if (!url || url.origin !== origin || url.pathname !== '/launch') return null
  return url.pathname + url.search
}
