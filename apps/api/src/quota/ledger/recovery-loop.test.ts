import { expect, it } from 'vitest'
import { createLog } from '../../log.ts'
import { createRecoveryRound } from './recovery-loop.ts'
import { ALLOWANCE } from './testing/people.ts'

const USER = 'usr_0'

/** A database with one silent hold for ever, and a clock that a test moves. */
function world() {
  let [now, isAway, recovered] = [0, false, 0]
  const batch = async (statements: readonly unknown[]) => {
    if (isAway) throw new Error('away')
    if (statements.length === 1) return [[{ user_id: USER, plan: null }]]
    recovered++
    return [[], [{ gone: 1, charged: 1 }]]
  }
  const round = createRecoveryRound({
    ...{ database: { batch }, monotonic: () => now, log: createLog({ level: 'fatal', part: 'test' }) },
    ...{ deadAfterMs: 60, everyMs: 10, allowanceOf: () => ALLOWANCE },
  })
  return {
    /** Rounds of 10 ms; how many holds were recovered in them. */
    async pass(rounds: number) {
      const before = recovered
      for (let i = 0; i < rounds; i++) {
        now += 10
        await round().catch(() => undefined)
      }
      return recovered - before
    },
    skip: (ms: number) => {
      now += ms
    },
    away: (is: boolean) => {
      isAway = is
    },
  }
}

it('takes nobody for dead before it has had answers for as long as that takes', async () => {
  const { pass } = world()
  expect(await pass(6)).toBe(0)
  expect(await pass(1)).toBe(1)
  expect(await pass(2)).toBe(2)
})

it('begins to count again after an outage, and after a pause of its own', async () => {
  const { pass, skip, away } = world()
  await pass(8)
  away(true)
  expect(await pass(1)).toBe(0)
  away(false)
  expect(await pass(6)).toBe(0)
  expect(await pass(1)).toBe(1)
  skip(500)
  expect(await pass(6)).toBe(0)
  expect(await pass(2)).toBe(2)
})
