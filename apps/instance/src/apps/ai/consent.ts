/** Asks the owner, once for each app, whether it may use the AI on their credits. Calls wait for the answer. */
import type { Books } from './books.ts'

export interface Consent {
  /** Resolves to whether it may. `signal`: whoever asked has left. */
  ask(app: string, signal: AbortSignal): Promise<boolean>
  isAsking(app: string): boolean
  decide(app: string, isAllowed: boolean, limitNano?: bigint): Promise<void>
}

const ANSWER_WITHIN_MS = 120_000
const WAITING_AT_MOST = 8

export function createConsent(books: Books, onChange: () => void): Consent {
  const waiting = new Map<string, Set<(isAllowed: boolean) => void>>()

  const wait = (app: string, signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const waiters = waiting.get(app) ?? new Set()
      if (waiters.size >= WAITING_AT_MOST) return resolve(false)
      const over = (isAllowed: boolean) => {
        clearTimeout(timer)
        // Once: by now, others may wait under this name.
        if (!waiters.delete(over)) return
        if (waiters.size === 0) waiting.delete(app)
        resolve(isAllowed)
        if (waiters.size === 0) onChange()
      }
      const timer = setTimeout(() => over(false), ANSWER_WITHIN_MS).unref()
      signal.addEventListener('abort', () => over(false), { once: true })
      waiters.add(over)
      waiting.set(app, waiters)
      if (waiters.size === 1) onChange()
    })

  return {
    async ask(app, signal) {
      const { consent } = await books.of(app)
      if (consent !== 'unasked') return consent === 'allowed'
      return wait(app, signal)
    },
    isAsking: (app) => waiting.has(app),
    async decide(app, isAllowed, limitNano) {
      await books.decide(app, isAllowed, limitNano)
      for (const over of [...(waiting.get(app) ?? [])]) over(isAllowed)
      onChange()
    },
  }
}
