/** What `DOMAIN` shows: the landing page at its root, and a 404 page below. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { NotFound } from '../features/connection/not-found.tsx'
import { LandingPage } from '../features/landing/page.tsx'
import { site } from '../lib/hosts.ts'
import { ErrorBoundary } from './error-boundary.tsx'

const queryClient = new QueryClient({ defaultOptions: { queries: { networkMode: 'always' } } })

export const Landing = () => (
  <ErrorBoundary>
    <QueryClientProvider client={queryClient}>
      {location.pathname === '/' ? <LandingPage site={site()} /> : <NotFound home={site().landingOrigin} />}
    </QueryClientProvider>
  </ErrorBoundary>
)
