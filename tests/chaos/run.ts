/** Strikes what is under way, round by round, and looks whether everything came to a good end. */
import { setTimeout as delay } from 'node:timers/promises'
import { type ChaosCase, nameOf } from './case.ts'
import { expectInvariants } from './invariants.ts'
import type { Person } from './people.ts'
import type { Round } from './plan.ts'
import type { Victim, World } from './world.ts'

export interface Outcome {
  victim: Victim
  name: string
  /** Why it failed; `null`: everything holds. */
  problem: string | null
  ms: number
}

interface Ready {
  chaosCase: ChaosCase
  person: Person
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export interface RunOptions {
  world: World
  rounds: readonly Round[]
  onOutcome: (outcome: Outcome) => void
}

/** Computers of the next round are made while this one heals. */
export async function run({ world, rounds, onOutcome }: RunOptions): Promise<void> {
  let number = 0
  const prepare = ({ cases }: Round): Promise<Ready[]> =>
    Promise.all(
      cases.map(async (chaosCase) => ({
        chaosCase,
        person: await chaosCase.prepare(world, `${chaosCase.action}${++number}`),
      })),
    )
  for (const round of rounds) {
    const startedAt = performance.now()
    const problems = await strike(world, round, await prepare(round))
    const ms = Math.round(performance.now() - startedAt)
    for (const [index, chaosCase] of round.cases.entries())
      onOutcome({ victim: round.victim, name: nameOf(chaosCase), problem: problems[index] ?? null, ms })
  }
}

/** By case, what went wrong. */
async function strike(
  world: World,
  { victim, pauseMs }: Round,
  all: readonly Ready[],
): Promise<(string | null)[]> {
  const underWay = await Promise.all(all.map(({ chaosCase, person }) => chaosCase.begin(world, person)))
  await delay(pauseMs)
  const before = await Promise.all(underWay.map((each) => each.isUnderWay()))
  const heal = await world.strike(victim)
  const after = underWay.map((each) => each.isStillHeld())
  for (const each of underWay) each.letGo(victim)
  await heal()
  const settled = await Promise.allSettled(underWay.map((each) => each.settle()))
  const shared = await expectInvariants(world).then(() => null, reasonOf)
  return settled.map((each, index) => {
    if (!before[index] || !after[index]) return 'It was not under way when it was struck.'
    return each.status === 'rejected' ? reasonOf(each.reason) : shared
  })
}
