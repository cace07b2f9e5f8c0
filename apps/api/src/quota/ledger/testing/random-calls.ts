/** Calls of many people at once, with whatever can happen to one: the numbers decide, so that a run can be repeated. */
import type { CallId, HoldAnswer, LedgerAnswer, LedgerOperation } from '../../../ports/ledger.ts'
import type { Person } from './people.ts'
import { progress } from './people.ts'

export interface RandomCallsOptions {
  run: (operation: LedgerOperation) => Promise<LedgerAnswer>
  people: readonly Person[]
  /** Integers from 0 to below `n`. */
  below: (n: number) => number
  proxyId: string
  calls: number
}

const granted = (answer: LedgerAnswer): answer is Extract<HoldAnswer, { kind: 'granted' }> =>
  answer.kind === 'granted'

/** One after the other; runs of several at once mix. Rejects only with the ledger. */
export async function randomCalls({ run, people, below, proxyId, calls }: RandomCallsOptions): Promise<void> {
  const left: { id: CallId; person: Person; amount: bigint }[] = []

  async function finish(at: number): Promise<void> {
    const [call] = left.splice(at, 1)
    if (!call) return
    const { id, person, amount } = call
    const cost = BigInt(below(Number(amount) + 1))
    const settle = person.settle(id, cost)
    switch (below(6)) {
      case 0:
        await run(person.release(id))
        return
      case 1:
        await run(person.drain(id, 2))
        await run(settle)
        return
      case 2:
        await Promise.all([run(settle), run(settle)])
        return
      case 3:
        await run(progress(proxyId, { id, costSoFar: cost }))
        await run(person.settle(id, amount, { status: 'estimated' }))
        return
      case 4:
        // Its proxy is taken for dead.
        return
      default:
        await run(settle)
    }
  }

  for (let i = 0; i < calls; i++) {
    const person = people[below(people.length)]
    if (!person) return
    const amount = BigInt(1 + below(400))
    const isReserved = below(4) === 0
    const hold = person.hold(isReserved ? 0n : amount, {
      ...{ proxyId, state: isReserved ? 'reserved' : 'dispatched' },
      ...(below(3) === 0 ? { least: 1n } : {}),
    })
    let answer = await run(hold)
    if (isReserved && granted(answer)) {
      answer = await run(person.dispatch(hold.id, amount, 1n))
      if (!granted(answer)) await run(person.release(hold.id))
    }
    if (granted(answer)) left.push({ id: hold.id, person, amount: answer.amount })
    while (left.length > below(4)) await finish(below(left.length))
  }
  while (left.length > 0) await finish(0)
}
