/** The dashboard's outline while the first answer is on its way. */
import { Card } from '../../ui/card.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StillWaiting } from '../connection/still-waiting.tsx'

export const DashboardSkeleton = () => (
  <div aria-busy="true">
    <StillWaiting>Loading your computer</StillWaiting>
    <Skeleton className="h-9 w-56" />
    <Card className="mt-8">
      <Skeleton className="h-6 w-28" />
      <Skeleton className="mt-5 h-9 w-72 max-w-full" />
      <Skeleton className="mt-3 h-5 w-96 max-w-full" />
      <div className="mt-8 flex gap-3">
        <Skeleton className="h-11 w-32" />
        <Skeleton className="h-11 w-24" />
      </div>
    </Card>
  </div>
)
