/** What went wrong with an instance, and when it is tried again. */
import type { ErrorBody, ErrorCode } from '@matrixos/shared'
import type { ReactNode } from 'react'
import { inWords, secondsUntil } from '../../lib/time.ts'
import { useNow } from '../../lib/use-now.ts'
import { Notice } from '../../ui/notice.tsx'

const TITLES: Partial<Record<ErrorCode, string>> = {
  image_missing: 'The system image is missing on the server',
  capacity: 'The server is short of memory',
  engine_down: 'The server’s container engine does not answer',
  isolation_broken: 'Computers are not kept apart on the server',
  instance_unhealthy: 'It started but did not report healthy',
  database_unavailable: 'The platform’s database does not answer',
}

export interface FailurePanelProps {
  error: ErrorBody
  nextAttemptAt: string | null
  action?: ReactNode
  className?: string
}

export const FailurePanel = ({ error, nextAttemptAt, action, className }: FailurePanelProps) => (
  <Notice
    tone="error"
    title={TITLES[error.code] ?? 'It could not be started'}
    action={action}
    {...(className !== undefined && { className })}
  >
    <p>{error.message}</p>
    {nextAttemptAt && <Countdown until={nextAttemptAt} />}
    <p className="mt-1 font-mono text-muted text-xs">{error.code}</p>
  </Notice>
)

/** Not a live region: a screen reader would hear every second. */
function Countdown({ until }: { until: string }) {
  const seconds = secondsUntil(until, useNow(1000))
  return (
    <p aria-live="off" className="mt-1">
      {seconds === 0 ? 'Trying again now…' : `Next automatic attempt in ${inWords(seconds)}.`}
    </p>
  )
}
