/** What `DOMAIN` shows below its landing page, which is drawn when the pages are built: profiles, and a 404 page. */
import { NotFound } from '../features/connection/not-found.tsx'
import { PublicProfile } from '../features/profile/public-profile.tsx'
import { site } from '../lib/hosts.ts'
import { ErrorBoundary } from './error-boundary.tsx'

const PROFILE = /^\/@([^/]+)$/

export function Landing() {
  const [, handle] = PROFILE.exec(location.pathname) ?? []
  return (
    <ErrorBoundary>
      {handle === undefined ? (
        <NotFound home={site().landingOrigin} />
      ) : (
        <PublicProfile handle={decodeURIComponent(handle)} />
      )}
    </ErrorBoundary>
  )
}
