/** What is told while nobody is at the page: the AI credits, when they are nearly or all used. */
import type { CreditsNotice } from '../protocol.ts'
import type { PushStore } from './file.ts'
import type { Notifier } from './notifier.ts'
import type { PushMessage } from './protocol.ts'

const WORDS = {
  80: 'You have used 80% of your AI credits.',
  100: 'Your AI credits are used up.',
} as const

export interface CreditsTellerOptions {
  credits: () => Promise<CreditsNotice>
  store: PushStore
  notifier: Pick<Notifier, 'send'>
  isSomebodyHere: () => boolean
  handle: string
}

/** Looks once, and tells each threshold once: credits that were topped up since are news again when they run out. */
export function createCreditsTeller({
  credits,
  store,
  notifier,
  isSomebodyHere,
  handle,
}: CreditsTellerOptions) {
  return async (): Promise<void> => {
    const file = await store.read()
    if (!file || file.subscribers.length === 0) return
    const { alert } = await credits()
    if (alert === file.toldAlert) return
    // Whoever is here sees it in the bar.
    const isNews = alert !== null && alert > (file.toldAlert ?? 0) && !isSomebodyHere()
    await store.update((now) => ({ ...now, toldAlert: alert }))
    if (isNews) await notifier.send(messageOf(handle, alert))
  }
}

const messageOf = (handle: string, alert: 80 | 100): PushMessage => ({
  title: `${handle}’s computer`,
  body: WORDS[alert],
  tag: 'credits',
  path: '/.mos/credits',
})
