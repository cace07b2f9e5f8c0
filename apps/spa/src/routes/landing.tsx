/** What `DOMAIN` shows below its landing page, which is drawn when the pages are built: a 404 page. */
import { NotFound } from '../features/connection/not-found.tsx'
import { site } from '../lib/hosts.ts'
import { ErrorBoundary } from './error-boundary.tsx'

export const Landing = () => (
  <ErrorBoundary>
    <NotFound home={site().landingOrigin} />
  </ErrorBoundary>
)
