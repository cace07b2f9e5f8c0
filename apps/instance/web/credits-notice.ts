/** Says in the bar that the AI credits are nearly or all used, while the page is connected: that wakes nobody. */
import type { CreditsNotice } from '../src/protocol.ts'
import { find } from './dom.ts'

const EVERY_MS = 60_000

const WORDS = {
  80: { words: 'You have used 80% of your AI credits.', link: 'See credits' },
  100: { words: 'Your AI credits are used up.', link: 'Get more' },
}

export interface CreditsNoticeOptions {
  /** Rejects when the computer does not answer. */
  read: () => Promise<CreditsNotice>
  show?: (notice: CreditsNotice) => void
}

export function createCreditsNotice({ read, show = showCredits }: CreditsNoticeOptions) {
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

function showCredits({ alert }: CreditsNotice): void {
  const notice = find('credits', HTMLElement)
  if (alert !== null) {
    find('credits-words', HTMLElement).textContent = WORDS[alert].words
    find('credits-link', HTMLElement).textContent = WORDS[alert].link
  }
  notice.hidden = alert === null
}
