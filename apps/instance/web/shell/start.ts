/** The page's first questions: who is here, and what they left open. There is the frame until they are answered. */
import type { Me } from '../../src/protocol.ts'
import { createStore, type Store } from './store.ts'

export type StartState = { step: 'asking' } | { step: 'failed' } | { step: 'ready'; me: Me }

export interface Start {
  state: Pick<Store<StartState>, 'get' | 'watch'>
  /** Asks, or asks again after it failed. Never rejects. */
  ask(): Promise<void>
}

export interface StartOptions {
  /** Rejects when there is no answer in time. */
  readMe: () => Promise<Me>
  /** Brings back what the owner left open. Never rejects: there is less to see without it. */
  recall: () => Promise<void>
}

export function createStart({ readMe, recall }: StartOptions): Start {
  const state = createStore<StartState>({ step: 'asking' })
  let isAsking = false
  return {
    state,
    async ask() {
      if (isAsking || state.get().step === 'ready') return
      isAsking = true
      state.set({ step: 'asking' })
      try {
        const me = await readMe()
        // Whoever looks at somebody else's computer arranges it for this visit only.
        if (!me.viewer) await recall()
        state.set({ step: 'ready', me })
      } catch {
        state.set({ step: 'failed' })
      } finally {
        isAsking = false
      }
    },
  }
}
