/** What happened to a computer, newest first. */
import type { InstanceEventKind, InstanceEventView } from '@matrixos/shared'
import { useState } from 'react'
import { durationText } from '../../../lib/figures.ts'
import type { Tone } from '../../../lib/status.ts'
import { Button } from '../../../ui/button.tsx'
import { Dot } from '../../../ui/dot.tsx'
import { Moment } from '../moment.tsx'
import { Nothing } from './section.tsx'

export const KINDS: Record<InstanceEventKind, { label: string; tone: Tone }> = {
  created: { label: 'Created', tone: 'awake' },
  woke: { label: 'Woke up', tone: 'awake' },
  paused: { label: 'Dozed off', tone: 'asleep' },
  slept: { label: 'Fell asleep', tone: 'asleep' },
  crashed: { label: 'Crashed', tone: 'failed' },
  failed: { label: 'Failed to start', tone: 'failed' },
  restarted: { label: 'Restarted', tone: 'asleep' },
  out_of_memory: { label: 'Ran out of memory', tone: 'failed' },
  disk_filling: { label: 'Disk almost full', tone: 'failed' },
  disk_full: { label: 'Disk full', tone: 'failed' },
  disk_has_room: { label: 'Room on the disk again', tone: 'awake' },
  throttled: { label: 'Slowed down: used the CPU without a pause', tone: 'failed' },
  unthrottled: { label: 'At full speed again', tone: 'awake' },
  program_denied: { label: 'Refused to run a program', tone: 'failed' },
  suspended: { label: 'Suspended', tone: 'failed' },
  resumed: { label: 'No longer suspended', tone: 'asleep' },
  upgraded: { label: 'Upgraded', tone: 'awake' },
  rolled_back: { label: 'Upgrade failed: went back to the version before', tone: 'failed' },
  archive_soon: { label: 'Told that it will be archived', tone: 'asleep' },
  archived: { label: 'Archived', tone: 'asleep' },
  restored: { label: 'Brought back from the archive', tone: 'awake' },
  export_ready: { label: 'Export ready', tone: 'awake' },
  deletion_requested: { label: 'Deleted by its owner', tone: 'failed' },
  deletion_undone: { label: 'Taken back by its owner', tone: 'awake' },
}

const FEW = 8

export function Timeline({ events, now }: { events: InstanceEventView[]; now: number }) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? events : events.slice(0, FEW)
  return (
    <div className="mt-7 border-line border-t pt-5">
      <h3 className="font-medium">Timeline</h3>
      {events.length === 0 && <Nothing>Nothing has happened yet.</Nothing>}
      <ol className="mt-3 space-y-2.5 text-sm">
        {shown.map(({ id, at, kind, durationMs, detail }) => (
          <li key={id} className="flex items-baseline gap-x-3">
            <Dot tone={KINDS[kind].tone} className="shadow-none" />
            <span className="flex min-w-0 flex-1 flex-wrap gap-x-3">
              <span className="font-medium">{KINDS[kind].label}</span>
              {durationMs !== null && <span className="text-muted">in {durationText(durationMs)}</span>}
              {detail && (
                <span className="min-w-0 break-words text-muted">{detail.replaceAll('_', ' ')}</span>
              )}
            </span>
            <span className="shrink-0 text-muted">
              <Moment iso={at} now={now} />
            </span>
          </li>
        ))}
      </ol>
      {events.length > FEW && !isWhole && (
        <Button size="sm" variant="ghost" className="mt-3" onClick={() => setWhole(true)}>
          Show all {events.length}
        </Button>
      )}
    </div>
  )
}
