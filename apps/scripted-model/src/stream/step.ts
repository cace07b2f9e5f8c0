/** One event of a stream. */
import type { BilledPart } from '../truth.ts'

export interface Step {
  /** Named in the frame; `null`: only data. */
  event: string | null
  /** Sent as JSON; a string as it is. */
  data: unknown
  /** What has been used up to and including this event. */
  used: BilledPart[]
  /** Whether this event says so. */
  reports: boolean
}

export const frameOf = ({ event, data }: Pick<Step, 'event' | 'data'>) =>
  `${event === null ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
