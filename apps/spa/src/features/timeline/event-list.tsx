/** What happened to one's own computer, as its owner reads it. */
import type { InstanceEventKind, InstanceEventView } from '@matrixos/shared'
import { durationText } from '../../lib/figures.ts'
import { Dot } from '../../ui/dot.tsx'
import { Moment } from '../admin/moment.tsx'
import { KINDS } from '../admin/person/timeline.tsx'

const OWN_LABELS: Partial<Record<InstanceEventKind, string>> = {
  archive_soon: 'Will be packed away soon',
  deletion_requested: 'Deleted by you',
  deletion_undone: 'Taken back by you',
}

const detailOf = ({ kind, detail }: InstanceEventView): string | null => {
  if (kind === 'archive_soon') return detail === '1' ? 'within a day' : `within ${detail} days`
  return detail?.replaceAll('_', ' ') ?? null
}

export const EventList = ({ events, now }: { events: InstanceEventView[]; now: number }) => (
  <ol className="space-y-2.5 text-sm">
    {events.map((event) => (
      <li key={event.id} className="flex items-baseline gap-x-3">
        <Dot tone={KINDS[event.kind].tone} className="shadow-none" />
        <span className="flex min-w-0 flex-1 flex-wrap gap-x-3">
          <span className="font-medium">{OWN_LABELS[event.kind] ?? KINDS[event.kind].label}</span>
          {event.durationMs !== null && (
            <span className="text-muted">in {durationText(event.durationMs)}</span>
          )}
          {detailOf(event) && <span className="min-w-0 break-words text-muted">{detailOf(event)}</span>}
        </span>
        <span className="shrink-0 text-muted">
          <Moment iso={event.at} now={now} />
        </span>
      </li>
    ))}
  </ol>
)
