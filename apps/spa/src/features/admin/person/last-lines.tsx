/** The last lines that a computer printed, asked for when somebody wants to read them: the engine may take seconds. */
import { useState } from 'react'
import { errorText } from '../../../lib/errors.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { Nothing } from './section.tsx'

export function LastLines({ handle }: { handle: string }) {
  const [isOpen, setOpen] = useState(false)
  const log = trpc.admin.people.log.useQuery({ handle }, { enabled: isOpen })
  return (
    <div className="mt-7 border-line border-t pt-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h3 className="font-medium">Last log lines</h3>
        <Button
          size="sm"
          variant="secondary"
          pending={log.isFetching}
          onClick={() => (isOpen ? void log.refetch() : setOpen(true))}
        >
          {isOpen ? 'Refresh' : 'Show'}
        </Button>
      </div>
      {isOpen && <Lines log={log} />}
    </div>
  )
}

/** Scrolls, so the keyboard has to reach it. */
const scrollable = { tabIndex: 0, role: 'region', 'aria-label': 'Last log lines' }

function Lines({
  log,
}: {
  log: { data: { text: string; problem: string | null } | undefined; error: unknown }
}) {
  if (log.error) {
    return (
      <Notice tone="error" className="mt-3">
        {errorText(log.error)}
      </Notice>
    )
  }
  if (!log.data) return <Skeleton className="mt-3 h-24" />
  const { text, problem } = log.data
  if (problem) {
    return (
      <Notice tone="warn" className="mt-3">
        The container engine did not hand it out: <code className="font-mono">{problem}</code>
      </Notice>
    )
  }
  if (text === '') return <Nothing>It has printed nothing.</Nothing>
  return (
    <pre
      {...scrollable}
      className="mt-3 max-h-80 overflow-auto whitespace-pre-wrap break-words rounded-control border border-line bg-sunken p-4 font-mono text-xs leading-5"
    >
      {text}
    </pre>
  )
}
