import { describe, expect, it } from 'vitest'
import type { ChaosCase } from './case.ts'
import { CASES } from './cases.ts'
import { AT_ONCE, planRounds } from './plan.ts'
import { VICTIMS } from './world.ts'

const caseOf = (step: string): ChaosCase => ({
  ...{ action: 'wake', step },
  prepare: () => Promise.reject(new Error('Nobody is made here.')),
  begin: () => Promise.reject(new Error('Nothing begins here.')),
})
const cases = ['a', 'b', 'c', 'd'].map(caseOf)
const textOf = (seed: number) => JSON.stringify(planRounds({ seed, cases, atOnce: [2, 1] }))

describe('planRounds', () => {
  it('has every case struck once by every victim', () => {
    const rounds = planRounds({ seed: 1, cases, atOnce: [2, 1] })
    const struck = rounds.flatMap(({ victim, cases: group }) => group.map(({ step }) => `${victim} ${step}`))
    const all = VICTIMS.flatMap((victim) => cases.map(({ step }) => `${victim} ${step}`))
    expect(struck.toSorted()).toEqual(all.toSorted())
  })

  it('draws the same from the same seed, and something else from another', () => {
    expect(textOf(1)).toBe(textOf(1))
    expect(textOf(1)).not.toBe(textOf(2))
  })

  it('lets victims take turns, so that none dies again while its restart is still held back', () => {
    const rounds = planRounds({ seed: 3, cases, atOnce: [1] })
    for (let at = 0; at < rounds.length; at += VICTIMS.length)
      expect(new Set(rounds.slice(at, at + VICTIMS.length).map(({ victim }) => victim)).size).toBe(
        VICTIMS.length,
      )
  })

  it('strikes with one kill, and alone, what belongs together', () => {
    const parts = ['one', 'two', 'three'].map((step) => ({ ...caseOf(step), together: 'upgrade' }))
    const rounds = planRounds({ seed: 1, cases: [...cases, ...parts], atOnce: [2] })
    const mixed = rounds.filter((round) => round.cases.some(({ together }) => together === 'upgrade'))
    expect(mixed.map((round) => round.cases)).toEqual(VICTIMS.map(() => parts))
  })

  it('strikes the real cases sixty times or more', () => {
    const rounds = planRounds({ seed: 1, cases: CASES, atOnce: AT_ONCE.split(',').map(Number) })
    expect(rounds.length).toBeGreaterThanOrEqual(60)
  })
})
