import { type ProofOfWorkMode, PUZZLE_LIFE_S, type Puzzle, type SolvedPuzzle } from '@matrixos/shared'
import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { memoryLimit } from '../../limits/attempt-limit.ts'
import { createProofOfWork } from './service.ts'

const key = 'k'.repeat(43)
const refused = { code: 'proof_of_work_required' }

function setUp(mode: ProofOfWorkMode, unproved = 2) {
  let ahead = 0
  let current = mode
  const limit = (attempts: number) =>
    memoryLimit({ name: `test${Math.random()}`, attempts, seconds: 600, message: 'Too many.' })
  const service = createProofOfWork({
    mode: async () => current,
    key,
    unproved: limit(unproved),
    solutions: limit(1),
    clock: { ...systemClock, now: () => Date.now() + ahead },
  })
  return {
    ...service,
    pass: (ms: number) => {
      ahead += ms
    },
    switchTo: (next: ProofOfWorkMode) => {
      current = next
    },
  }
}

async function solve(puzzle: Puzzle): Promise<SolvedPuzzle> {
  const solution = await solveChallenge({ challenge: puzzle, deriveKey })
  if (!solution) throw new Error('There was no solution in time.')
  return { puzzle, solution: { counter: solution.counter, derivedKey: solution.derivedKey } }
}

/** Solved once: the tests differ in what they do with it. */
let solved: SolvedPuzzle
beforeAll(async () => {
  solved = await solve(await setUp('on').puzzle())
})

it('wants a proof where it is on, and takes each solution once', async () => {
  const { require } = setUp('on')
  await expect(require(undefined)).rejects.toMatchObject(refused)
  await expect(require(solved)).resolves.toBeUndefined()
  await expect(require(solved)).rejects.toMatchObject(refused)
})

it('takes a solution once, however many come at once', async () => {
  const { require } = setUp('on')
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => require(solved)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

it('wants one only beyond so many sign-ups, where it is automatic', async () => {
  const { require } = setUp('auto', 2)
  await require(undefined)
  await require(undefined)
  await expect(require(undefined)).rejects.toMatchObject(refused)
  await expect(require(solved)).resolves.toBeUndefined()
})

it('wants none where it is off, from the moment that it is switched', async () => {
  const service = setUp('on')
  await expect(service.require(undefined)).rejects.toMatchObject(refused)
  service.switchTo('off')
  await expect(service.require(undefined)).resolves.toBeUndefined()
})

it.each<[string, (given: SolvedPuzzle) => SolvedPuzzle]>([
  ['another counter', (given) => ({ ...given, solution: { ...given.solution, counter: 1 } })],
  [
    'a puzzle made easier',
    ({ puzzle, solution }) => ({
      puzzle: { ...puzzle, parameters: { ...puzzle.parameters, cost: 1 } },
      solution,
    }),
  ],
  [
    'a puzzle made to last longer',
    ({ puzzle, solution }) => ({
      puzzle: { ...puzzle, parameters: { ...puzzle.parameters, expiresAt: 9_999_999_999 } },
      solution,
    }),
  ],
  [
    'a signature of nobody',
    (given) => ({ ...given, puzzle: { ...given.puzzle, signature: 'ab'.repeat(32) } }),
  ],
])('refuses %s', async (_what, change) => {
  await expect(setUp('on').require(change(solved))).rejects.toMatchObject(refused)
})

it('refuses a solution that comes too late', async () => {
  const service = setUp('on')
  service.pass(PUZZLE_LIFE_S * 1000 + 1000)
  await expect(service.require(solved)).rejects.toMatchObject(refused)
})
