/** Which paths are pages; the server answers every other with the same document, which shows its 404 page, and status 404. */

/** As the routes spell them: a segment that begins with `$` stands for any text. */
export const APP_PATHS = [
  ...['/', '/signup', '/login', '/goodbye', '/device', '/recover', '/enrol'],
  ...['/settings', '/settings/profile', '/settings/security', '/settings/sharing', '/settings/tokens'],
  ...[
    '/admin',
    '/admin/people',
    '/admin/people/$handle',
    '/admin/invites',
    '/admin/audit',
    '/admin/platform',
  ],
  '/admin/accept',
]
const LANDING_PATHS = ['/']

const matches = (pattern: string, path: string): boolean => {
  const [wanted, found] = [pattern.split('/'), path.split('/')]
  return (
    wanted.length === found.length &&
    wanted.every((segment, at) => (segment.startsWith('$') ? found[at] !== '' : segment === found[at]))
  )
}

/** `host`: as the browser sent it. */
export function isPage(host: string, path: string): boolean {
  const paths = host.startsWith('app.') ? APP_PATHS : LANDING_PATHS
  return paths.some((pattern) => matches(pattern, path))
}
