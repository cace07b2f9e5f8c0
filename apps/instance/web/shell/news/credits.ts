/** Knows whether the AI credits are nearly or all used, and asks only while the page is connected: that wakes nobody. */
import type { CreditsNotice } from '../../../src/protocol.ts'
import { pulse } from '../connection/pulse.ts'
import { createStore } from '../store.ts'

const EVERY_MS = 60_000

export const CREDITS_WORDS = {
  80: { words: 'You have used 80% of your AI credits.', link: 'See credits' },
  100: { words: 'Your AI credits are used up.', link: 'Get more' },
}

export interface CreditsWatchOptions {
  /** Rejects when the computer does not answer. */
  read: () => Promise<CreditsNotice>
  show: (notice: CreditsNotice) => void
}

export function createCreditsWatch({ read, show }: CreditsWatchOptions) {
  let timer: ReturnType<typeof setInterval> | undefined
  /** What is shown stays when there is no answer. */
  const refresh = () => read().then(show, () => undefined)
  return {
    connected(isConnected: boolean): void {
      if (isConnected === (timer !== undefined)) return
      clearInterval(timer)
      timer = isConnected ? setInterval(refresh, EVERY_MS) : undefined
      if (isConnected) void refresh()
    },
  }
}

export const creditsAlert = createStore<CreditsNotice['alert']>(null)

export function startCredits(): void {
  const watch = createCreditsWatch({
    read: async () => (await (await fetch('/api/credits')).json()) as CreditsNotice,
    show: ({ alert }) => creditsAlert.set(alert),
  })
  pulse.watch(() => watch.connected(pulse.get() === 'open'))
}
