/** What is being brought in: one file each, as the page shows and keeps it. */
import * as z from 'zod/mini'

/** `asking`: something has that name already. `lost`: the page was loaded anew and needs the file once more. */
export const transferState = z.enum(['waiting', 'sending', 'paused', 'asking', 'failed', 'lost', 'done'])
export type TransferState = z.infer<typeof transferState>

export const transfer = z.object({
  id: z.string(),
  /** What came in one go. */
  batch: z.string(),
  path: z.string(),
  size: z.number(),
  modifiedAt: z.string(),
  ifExists: z.enum(['refuse', 'replace', 'rename']),
  /** The computer's name for it, once it has begun. */
  uploadId: z.nullable(z.string()),
  sent: z.number(),
  state: transferState,
  message: z.nullable(z.string()),
})
export type Transfer = z.infer<typeof transfer>

/** Not over, whatever it waits for. */
export const isOpen = ({ state }: Transfer): boolean => state !== 'done'

export interface Totals {
  files: number
  done: number
  bytes: number
  sentBytes: number
  states: Record<TransferState, number>
}

export function totalsOf(transfers: readonly Transfer[]): Totals {
  const states = { waiting: 0, sending: 0, paused: 0, asking: 0, failed: 0, lost: 0, done: 0 }
  let bytes = 0
  let sentBytes = 0
  for (const { state, size, sent } of transfers) {
    states[state]++
    bytes += size
    sentBytes += sent
  }
  return { files: transfers.length, done: states.done, bytes, sentBytes, states }
}
