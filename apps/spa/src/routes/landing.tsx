/** What `DOMAIN` shows below its landing page, which is drawn when the pages are built: profiles, and a 404 page. */
import { NotFound } from '../features/connection/not-found.tsx'
import { PublicProfile } from '../features/profile/public-profile.tsx'
import { site } from '../lib/hosts.ts'
import { ErrorBoundary } from './error-boundary.tsx'

const PROFILE = /^\/@([^/]+)$/

function handleIn(path: string): string | null {
  const [, segment] = PROFILE.exec(path) ?? []
  try {
    return segment === undefined ? null : decodeURIComponent(segment)
  } catch {
    return null
  }
}

export function Landing() {
  const handle = handleIn(location.pathname)
  return (
    <ErrorBoundary>
      {handle === null ? <NotFound home={site().landingOrigin} /> : <PublicProfile handle={handle} />}
    </ErrorBoundary>
  )
}
