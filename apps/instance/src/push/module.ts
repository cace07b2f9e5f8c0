/** Wires notifications: keys and subscribers in the home, a sender, and a look at the credits while nobody is here. */
import type { WriteAtomic } from '../files/atomic.ts'
import { describeError, type Log } from '../log.ts'
import type { CreditsNotice } from '../protocol.ts'
import { createCreditsTeller } from './away.ts'
import { openPushStore } from './file.ts'
import { createNotifier, type Notifier } from './notifier.ts'
import { post } from './post.ts'
import { createSeal, newVapidKeys } from './seal.ts'

export interface Push {
  notifier: Notifier
  /** Somebody asked for notifications just now. */
  subscribed(): void
  stop(): void
}

export interface PushOptions {
  root: string
  write: WriteAtomic
  credits: () => Promise<CreditsNotice>
  handle: string
  origin: string | null
  isSomebodyHere: () => boolean
  log: Log
}

const LOOK_EVERY_MS = 5 * 60_000
/** Push services want to know whom to write to; a computer without an address of its own has none to give. */
const NO_CONTACT = 'mailto:nobody@example.com'

export async function openPush(options: PushOptions): Promise<Push> {
  const { root, write, credits, handle, origin, isSomebodyHere, log } = options
  const store = openPushStore({ root, write, newKeys: newVapidKeys })
  const notifier = createNotifier({
    store,
    seal: createSeal(origin?.startsWith('https:') ? origin : NO_CONTACT),
    post,
    onFailure: (service, error) => log('push service failed', { service, ...describeError(error) }),
  })
  const look = createCreditsTeller({ credits, store, notifier, isSomebodyHere, handle })
  let timer: NodeJS.Timeout | undefined
  const subscribed = () => {
    timer ??= setInterval(
      () => look().catch((error) => log('notification failed', describeError(error))),
      LOOK_EVERY_MS,
    )
    timer.unref()
  }
  // Who never asked for notifications has nothing that runs.
  if (await store.read().catch(() => null)) subscribed()
  return { notifier, subscribed, stop: () => clearInterval(timer) }
}
