/** Says whose credits have changed, so that who watches them reads them again. */
import type { UserId } from '@matrixos/shared'
import type { Ledger } from '../../ports/ledger.ts'

/** Hundreds of short calls of one person are one hint. */
const EVERY_MS = 250

export interface HintOptions {
  changed: (userId: UserId) => void
  everyMs?: number
}

/** The same ledger; its callers wait for no hint. */
export function withHints(ledger: Ledger, { changed, everyMs = EVERY_MS }: HintOptions): Ledger {
  const people = new Set<UserId>()
  let isDue = false

  function tell(): void {
    isDue = false
    for (const userId of people) changed(userId)
    people.clear()
  }

  return {
    ...ledger,
    async apply(operations) {
      const answers = await ledger.apply(operations)
      // What a call has cost so far is polled while it lasts.
      for (const operation of operations) if (operation.kind !== 'progress') people.add(operation.userId)
      if (people.size === 0 || isDue) return answers
      isDue = true
      setTimeout(tell, everyMs).unref()
      return answers
    },
  }
}
