/** Which paths are pages; the server answers every other with the same document, which shows its 404 page, and status 404. */

export const APP_PATHS = ['/', '/signup', '/login', '/goodbye'] as const
const LANDING_PATHS = ['/'] as const

/** `host`: as the browser sent it. */
export function isPage(host: string, path: string): boolean {
  const paths: readonly string[] = host.startsWith('app.') ? APP_PATHS : LANDING_PATHS
  return paths.includes(path)
}
