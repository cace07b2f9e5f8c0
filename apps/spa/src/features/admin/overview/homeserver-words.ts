/** The worst that is to be said of the homeserver, in a sentence. */
import type { HomeserverState } from '@matrixos/shared'
import { countText } from '../../../lib/figures.ts'

export interface HomeserverVerdict {
  text: string
  tone: 'awake' | 'asleep' | 'busy' | 'failed'
}

export function homeserverWords({ state, refused, plaintext7d }: HomeserverState): HomeserverVerdict {
  if (state === 'off') return { tone: 'asleep', text: 'This platform has no homeserver.' }
  // It stays an alarm while the homeserver is down.
  if (plaintext7d > 0) {
    const messages = plaintext7d === 1 ? '1 message was' : `${countText(plaintext7d)} messages were`
    return {
      tone: 'failed',
      text: `${messages} sent unencrypted where they must not be. The log names room and sender.`,
    }
  }
  if (state === 'down')
    return { tone: 'failed', text: 'The homeserver does not answer. Messages wait, everything else works.' }
  if (refused > 0)
    return { tone: 'busy', text: 'It refuses some accounts. Their problem is in the table matrix_accounts.' }
  return { tone: 'awake', text: 'The homeserver answers.' }
}
