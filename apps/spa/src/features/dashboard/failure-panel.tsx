/** What went wrong with an instance, and when it is tried again; or that it waits for room, which is nobody's fault. */

import type { ErrorBody, ErrorCode } from '@matrixos/shared'
import type { ReactNode } from 'react'
import { START_FAILED } from '../../lib/texts.ts'
import { inWords, secondsUntil } from '../../lib/time.ts'
import { useNow } from '../../lib/use-now.ts'
import { Details } from '../../ui/details.tsx'
import { Notice } from '../../ui/notice.tsx'

const TITLES: Partial<Record<ErrorCode, string>> = {
  capacity: 'The server is short of memory',
  isolation_broken: 'Computers are not isolated on the server',
  image_missing: 'The server has no system image',
  engine_down: 'The server’s container engine isn’t answering',
  instance_unhealthy: START_FAILED,
  database_unavailable: 'The platform’s database isn’t answering',
}

export interface FailurePanelProps {
  error: ErrorBody
  nextAttemptAt: string | null
  /** Its place among those that wait for memory. */
  line?: string | null
  /** An attempt is under way: its line stays, so that nothing below moves. */
  isRetrying?: boolean
  action?: ReactNode
  className?: string
}

export const FailurePanel = ({
  error,
  nextAttemptAt,
  line = null,
  isRetrying = false,
  action,
  className,
}: FailurePanelProps) => (
  <Notice
    tone={error.code === 'capacity' ? 'info' : 'error'}
    title={TITLES[error.code] ?? START_FAILED}
    action={action}
    {...(className !== undefined && { className })}
  >
    <p>{error.message}</p>
    {line && <p className="mt-1">{line}</p>}
    {nextAttemptAt && !isRetrying && !line && <Countdown until={nextAttemptAt} />}
    {isRetrying && error.code !== 'capacity' && <p className="mt-1">Trying again now…</p>}
    {error.detail && <Details>{error.detail}</Details>}
  </Notice>
)

/** Not a live region: a screen reader would hear every second. */
function Countdown({ until }: { until: string }) {
  const seconds = secondsUntil(until, useNow(1000))
  return (
    <p aria-live="off" className="mt-1">
      {seconds === 0 ? 'Trying again now…' : `Next attempt in ${inWords(seconds)}.`}
    </p>
  )
}
