/** A ledger that says whose credits it changed: soon, and once for many calls. */
import type { UserId } from '@matrixos/shared'
import type { Ledger } from '../../ports/ledger.ts'

/** Hundreds of calls a second are one notice; a person notices no delay. */
const DELAY_MS = 250

export function announcing(ledger: Ledger, changed: (userId: UserId) => void): Ledger {
  const waiting = new Set<UserId>()
  const announce = () => {
    const people = [...waiting]
    waiting.clear()
    for (const userId of people) changed(userId)
  }
  return {
    ...ledger,
    async apply(operations) {
      const answers = await ledger.apply(operations)
      const wasEmpty = waiting.size === 0
      for (const operation of operations) if (operation.kind !== 'progress') waiting.add(operation.userId)
      if (wasEmpty && waiting.size > 0) setTimeout(announce, DELAY_MS).unref()
      return answers
    },
  }
}
