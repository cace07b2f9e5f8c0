/** Which paths are pages; the server answers every other with the same document, which shows its 404 page, and status 404. */

/** As the router names them: a segment that begins with `$` stands for any, `@{$…}` for any that begins with `@`. */
export const APP_PATHS = [
  '/',
  '/signup',
  '/login',
  '/goodbye',
  '/device',
  '/publish',
  '/recover',
  '/enrol',
  '/explore',
  '/feed',
  '/feed/$itemId',
  '/@{$handle}',
  '/@{$handle}/followers',
  '/@{$handle}/following',
  '/settings',
  '/settings/profile',
  '/settings/posting',
  '/settings/security',
  '/settings/sharing',
  '/settings/apps',
  '/settings/tokens',
  '/settings/webhooks',
  '/settings/matrix',
  '/settings/credits',
  '/settings/move',
  '/settings/timeline',
  '/credits/confirm-email',
  '/admin',
  '/admin/people',
  '/admin/people/$handle',
  '/admin/invites',
  '/admin/plans',
  '/admin/reports',
  '/admin/credits',
  '/admin/prices',
  '/admin/upgrades',
  '/admin/audit',
  '/admin/platform',
  '/admin/accept',
] as const
const LANDING_PATHS = ['/', '/@{$handle}'] as const

function isSegment(wanted: string, part: string): boolean {
  if (wanted.startsWith('$')) return part !== ''
  return wanted.startsWith('@{$') ? part.length > 1 && part.startsWith('@') : wanted === part
}

function matches(pattern: string, path: string): boolean {
  const parts = path.split('/')
  const wanted = pattern.split('/')
  return parts.length === wanted.length && wanted.every((part, at) => isSegment(part, parts[at] ?? ''))
}

/** `host`: as the browser sent it. */
export function isPage(host: string, path: string): boolean {
  const paths: readonly string[] = host.startsWith('app.') ? APP_PATHS : LANDING_PATHS
  return paths.some((pattern) => matches(pattern, path))
}
