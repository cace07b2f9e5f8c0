/** How a state of the connection is shown: a lamp with a word, and a sentence when it is lost. */
import { WILL_RECONNECT } from '@matrixos/shared'
import type { LinkState } from '../connection/link.ts'

export interface Look {
  lamp: 'on' | 'off' | 'wait'
  word: string
  /** What to expect or do, where the word alone does not say it. */
  sentence?: string
}

export const LOOKS: Record<LinkState, Look> = {
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
