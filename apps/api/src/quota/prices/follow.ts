/** Keeps a price book up to date: a notice where processes can hear each other, and a timed look everywhere. */
import type { Notifications } from '../../db/notifications.ts'
import { startLoop } from '../../jobs/loop.ts'
import type { Log } from '../../log.ts'
import type { PriceBook } from './price-book.ts'

/** With the time that a look takes, what nobody told of still counts within 5 s. */
const LOOK_MS = 4_000

export interface FollowPricesOptions {
  book: Pick<PriceBook, 'reload'>
  /** `null`: an embedded database passes nothing on. */
  notifications: Pick<Notifications, 'subscribe'> | null
  log: Log
  lookMs?: number
}

/** Rejects when the edits cannot be read at first: until then, no call may be priced. Resolves with what ends it. */
export async function followPrices(options: FollowPricesOptions): Promise<() => Promise<void>> {
  const { book, notifications, log, lookMs = LOOK_MS } = options
  await book.reload()
  const look = () =>
    void book.reload().catch((error: unknown) => log.warn({ err: error }, 'failed to read the edited prices'))
  const stop = await notifications?.subscribe('prices', { onNotice: look, onConnected: look })
  const loop = startLoop('prices', lookMs, log, book.reload)
  return async () => {
    await loop.close()
    await stop?.()
  }
}
