/** The outline of a page that is still loading. */
import { Skeleton } from '../../ui/skeleton.tsx'
import { StillWaiting } from './still-waiting.tsx'

export const PageSkeleton = () => (
  <main id="main" aria-busy="true" className="mx-auto w-full max-w-4xl px-5 py-24 sm:px-8">
    <StillWaiting>Loading</StillWaiting>
    <Skeleton className="h-9 w-64 max-w-full" />
    <Skeleton className="mt-4 h-5 w-96 max-w-full" />
    <Skeleton className="mt-10 h-64 w-full rounded-card" />
  </main>
)
