/** The dashboard's look at what one's computer uses, and what its plan gives. */
import type { InstanceView } from '@matrixos/shared'
import { timeAgo } from '../../lib/time.ts'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { limitsText } from './plan-text.ts'
import { UsageCharts } from './usage-charts.tsx'
import { DiskNotice, Throttled } from './usage-notices.tsx'

const REFRESH_MS = 60_000

export function UsageCard({ instance }: { instance: InstanceView }) {
  const usage = trpc.tenants.usage.useQuery({ instanceId: instance.id }, { refetchInterval: REFRESH_MS })
  const { plan } = instance
  return (
    <Card aria-labelledby="usage" className="mt-8">
      <h2 id="usage" className="font-medium text-muted text-sm">
        Usage
      </h2>
      <p className="mt-3 font-semibold text-xl tracking-tight">{plan.title} plan</p>
      <p className="mt-1 text-muted text-sm leading-6">{limitsText(plan)}.</p>
      {usage.data?.outOfMemoryAt && <OutOfMemory at={usage.data.outOfMemoryAt} />}
      {usage.data?.disk && <DiskNotice level={usage.data.disk} />}
      {usage.data?.throttledAt && <Throttled at={usage.data.throttledAt} />}
      {usage.data ? (
        <UsageCharts usage={usage.data} />
      ) : usage.error ? (
        <QueryError title="Your usage could not be loaded" query={usage} />
      ) : (
        <div aria-busy="true">
          <Skeleton className="mt-5 h-40" />
        </div>
      )}
    </Card>
  )
}

function OutOfMemory({ at }: { at: string }) {
  const now = useNow(60_000)
  return (
    <Notice tone="warn" className="mt-5" title={`Your computer ran out of memory ${timeAgo(at, now)}`}>
      A program that needed more was ended; your files are safe. Close what you do not need before you start
      it again, or ask an administrator for a plan with more memory.
    </Notice>
  )
}
