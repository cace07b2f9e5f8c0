/** Shows how the connection is: a lamp with a word, and a sentence when it is lost. */
import { WILL_RECONNECT } from '@matrixos/shared'
import { find } from './dom.ts'
import type { LinkState } from './link.ts'

interface Look {
  lamp: 'on' | 'off' | 'wait'
  word: string
  /** What to expect or do, where the word alone does not say it. */
  sentence?: string
}

const LOOKS: Record<LinkState, Look> = {
  connecting: { lamp: 'wait', word: 'Connecting' },
  open: { lamp: 'on', word: 'Awake' },
  retrying: {
    lamp: 'wait',
    word: 'Reconnecting',
    sentence: `Connection lost. ${WILL_RECONNECT}`,
  },
  resting: { lamp: 'off', word: 'Resting' },
  asleep: { lamp: 'off', word: 'Asleep' },
  'signed-out': { lamp: 'off', word: 'Signed out', sentence: 'Your session has ended.' },
}

export function showState(link: LinkState): void {
  const { lamp, word, sentence } = LOOKS[link]
  find('state', HTMLElement).dataset.lamp = lamp
  find('state-word', HTMLElement).textContent = word
  const lost = find('lost', HTMLElement)
  // A connection that breaks again while it comes back is one loss: the sentence stays until that is decided.
  if (link === 'connecting') return
  lost.hidden = sentence === undefined
  find('lost-words', HTMLElement).textContent = sentence ?? ''
  find('lost-renew', HTMLElement).hidden = link !== 'signed-out'
}
