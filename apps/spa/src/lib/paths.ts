/** Which paths are pages; the server answers every other with the same document, which shows its 404 page, and status 404. */

/** As the router names them: a segment that begins with `$` stands for any. */
export const APP_PATHS = [
  '/',
  '/signup',
  '/login',
  '/goodbye',
  '/device',
  '/publish',
  '/recover',
  '/enrol',
  '/settings',
  '/settings/profile',
  '/settings/security',
  '/settings/sharing',
  '/settings/apps',
  '/settings/tokens',
  '/settings/credits',
  '/settings/move',
  '/settings/timeline',
  '/credits/confirm-email',
  '/admin',
  '/admin/people',
  '/admin/people/$handle',
  '/admin/invites',
  '/admin/plans',
  '/admin/credits',
  '/admin/prices',
  '/admin/upgrades',
  '/admin/audit',
  '/admin/platform',
  '/admin/accept',
] as const
const LANDING_PATHS = ['/'] as const

function matches(pattern: string, path: string): boolean {
  const parts = path.split('/')
  const wanted = pattern.split('/')
  return (
    parts.length === wanted.length &&
    wanted.every((part, at) => (part.startsWith('$') ? parts[at] !== '' : part === parts[at]))
  )
}

/** `host`: as the browser sent it. */
export function isPage(host: string, path: string): boolean {
  const paths: readonly string[] = host.startsWith('app.') ? APP_PATHS : LANDING_PATHS
  return paths.some((pattern) => matches(pattern, path))
}
