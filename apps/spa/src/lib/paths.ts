/** Which paths are pages; the server answers every other with the same document, which shows its 404 page, and status 404. */

/** As the routes write them: `$name` stands for one segment. */
export const APP_PATHS = [
  ...['/', '/signup', '/login', '/goodbye', '/device', '/recover', '/enrol'],
  ...['/settings', '/settings/profile', '/settings/security', '/settings/sharing', '/settings/tokens'],
  ...['/admin', '/admin/people', '/admin/people/$handle', '/admin/invites', '/admin/audit'],
  ...['/admin/platform', '/admin/accept'],
]
const LANDING_PATHS = ['/']

const patternOf = (path: string) => new RegExp(`^${path.replace(/\$\w+/g, '[^/]+')}$`)
const APP_PAGES = APP_PATHS.map(patternOf)
const LANDING_PAGES = LANDING_PATHS.map(patternOf)

/** `host`: as the browser sent it. */
export function isPage(host: string, path: string): boolean {
  const pages = host.startsWith('app.') ? APP_PAGES : LANDING_PAGES
  return pages.some((page) => page.test(path))
}
