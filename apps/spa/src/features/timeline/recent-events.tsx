/** The last things that happened to one's computer, and the way to all of them. */
import type { InstanceId } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { EventList } from './event-list.tsx'

const FEW = 5

export function RecentEvents({ instanceId }: { instanceId: InstanceId }) {
  const now = useNow(15_000)
  // An event is written a moment after the state that it tells of: the next look has it.
  const recent = trpc.events.list.useQuery({ instanceId, limit: FEW }, { refetchInterval: 30_000 })
  const events = recent.data?.events
  if (!events?.length) return null
  return (
    <section aria-labelledby="recent" className="mt-8 rounded-card border border-line px-6 py-6 sm:px-8">
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <h2 id="recent" className="font-semibold">
          Recently
        </h2>
        <Link to="/settings/timeline" className="-my-3 py-3 text-accent text-sm underline underline-offset-4">
          Everything that happened
        </Link>
      </div>
      <EventList events={events} now={now} />
    </section>
  )
}
