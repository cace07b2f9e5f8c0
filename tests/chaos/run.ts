/** Strikes what is under way, round by round, and looks whether everything came to a good end. */
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@matrixos/testing/until'
import { nameOf, type UnderWay } from './case.ts'
import { expectInvariants } from './invariants.ts'
import type { Round } from './plan.ts'
import { layDown } from './tier.ts'
import type { Victim, World } from './world.ts'

const WELL_MS = 60_000

export interface Outcome {
  victim: Victim
  name: string
  /** Why it failed; `null`: everything holds. */
  problem: string | null
  ms: number
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export interface RunOptions {
  world: World
  rounds: readonly Round[]
  onOutcome: (outcome: Outcome) => void
}

export async function run({ world, rounds, onOutcome }: RunOptions): Promise<void> {
  let number = 0
  for (const round of rounds) {
    const startedAt = performance.now()
    await isWell(world)
    const people = await Promise.allSettled(
      round.cases.map((each) => each.prepare(world, `${each.action}${++number}`)),
    )
    const begun = await Promise.allSettled(
      round.cases.map(async (each, index) => await each.begin(world, await resultOf(people[index]))),
    )
    const problems = await strike(world, round, begun)
    await layDown(world)
    const ms = Math.round(performance.now() - startedAt)
    for (const [index, each] of round.cases.entries())
      onOutcome({ victim: round.victim, name: nameOf(each), problem: problems[index] ?? null, ms })
  }
}

/** Whoever begins anew is not to meet what the kill before has left: a database that has only just come back. */
async function isWell({ stack }: World): Promise<void> {
  const { handleAvailability } = stack.client().trpc.auth
  const answers = () => handleAvailability.query({ handle: 'nobody-yet' }).then(Boolean, () => false)
  await until('the platform reaches its database', answers, WELL_MS)
}

/** As the promise was that settled so. */
const resultOf = async <T>(settled: PromiseSettledResult<T> | undefined): Promise<T> => {
  if (settled?.status === 'fulfilled') return settled.value
  throw settled?.reason
}

type Begun = PromiseSettledResult<UnderWay>

/** By case, what went wrong. */
async function strike(
  world: World,
  { victim, pauseMs }: Round,
  begun: readonly Begun[],
): Promise<(string | null)[]> {
  const underWay = begun.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  await delay(pauseMs)
  const before = await Promise.all(underWay.map(async (each) => await each.isUnderWay()))
  const heal = await world.strike(victim)
  const wasStruck = new Map(underWay.map((each, index) => [each, before[index] && each.isStillHeld()]))
  for (const each of underWay) each.letGo(victim)
  await heal()
  const settled = await Promise.allSettled(
    begun.map(async (each) => {
      if (each.status === 'rejected') throw new Error(`It did not begin: ${reasonOf(each.reason)}`)
      await each.value.settle()
      if (!wasStruck.get(each.value)) throw new Error('It was not under way when it was struck.')
    }),
  )
  const shared = await expectInvariants(world).then(() => null, reasonOf)
  return settled.map((each) => (each.status === 'rejected' ? reasonOf(each.reason) : shared))
}
