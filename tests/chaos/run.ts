/** Strikes what is under way, round by round, and looks whether everything came to a good end. */
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@matrixos/testing/until'
import { nameOf, type UnderWay } from './case.ts'
import { expectInvariants } from './invariants.ts'
import type { Person } from './people.ts'
import type { Round } from './plan.ts'
import { layDown } from './tier.ts'
import type { Victim, World } from './world.ts'

const WELL_MS = 60_000

export interface Outcome {
  /** Of the kill, from 0. */
  round: number
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
  /** Asked before each round: no further one begins. */
  isOver: () => boolean
}

/** The people of a round, on their way to where their actions can begin. */
interface Prepared {
  handles: readonly string[]
  people: Promise<PromiseSettledResult<Person>[]>
}

/** What belongs together is an upgrade: it would come to whoever is awake meanwhile. */
const letsOthersBegin = ({ cases }: Round): boolean => cases.every(({ together }) => together === undefined)

export async function run({ world, rounds, onOutcome, isOver }: RunOptions): Promise<void> {
  let count = 0
  const prepare = ({ cases }: Round): Prepared => {
    const named = cases.map((each) => ({ each, handle: `${each.action}${++count}` }))
    const people = Promise.allSettled(named.map(({ each, handle }) => each.prepare(world, handle)))
    return { people, handles: named.map(({ handle }) => handle) }
  }
  let next: Prepared | null = null
  for (const [at, round] of rounds.entries()) {
    if (isOver()) return
    const startedAt = performance.now()
    const { people }: Prepared = next ?? prepare(round)
    const prepared = await people
    const begun = await Promise.allSettled(
      round.cases.map(async (each, index) => await each.begin(world, await resultOf(prepared[index]))),
    )
    const following = rounds[at + 1]
    next = null
    const meanwhile = async () => {
      if (!following || !letsOthersBegin(round)) return
      next = prepare(following)
      await next.people
    }
    const problems = await strike({ world, round, begun, meanwhile })
    await layDown(world, next)
    const ms = Math.round(performance.now() - startedAt)
    for (const [index, each] of round.cases.entries())
      onOutcome({
        ...{ round: at, victim: round.victim, name: nameOf(each), ms },
        problem: problems[index] ?? null,
      })
  }
}

/** More than an api has connections to its database. */
const QUESTIONS_AT_ONCE = 24

/**
 * Whoever asks for something from now on is not to meet what the kill has left: a database that has only just come back, or
 * a connection that still tells the next one, however late, how it broke.
 */
async function isWell({ stack }: World): Promise<void> {
  const { handleAvailability } = stack.client().trpc.auth
  const ask = () => handleAvailability.query({ handle: 'nobody-yet' }).then(Boolean, () => false)
  const answers = async () =>
    (await Promise.all(Array.from({ length: QUESTIONS_AT_ONCE }, ask))).every((isAnswer) => isAnswer)
  await until('the platform reaches its database', answers, WELL_MS)
}

/** As the promise was that settled so. */
const resultOf = async <T>(settled: PromiseSettledResult<T> | undefined): Promise<T> => {
  if (settled?.status === 'fulfilled') return settled.value
  throw settled?.reason
}

type Begun = PromiseSettledResult<UnderWay>

interface StrikeOptions {
  world: World
  round: Round
  begun: readonly Begun[]
  /** What goes on while the victims of the kill come to their end. */
  meanwhile: () => Promise<void>
}

/** By case, what went wrong. */
async function strike({ world, round, begun, meanwhile }: StrikeOptions): Promise<(string | null)[]> {
  const { victim, pauseMs } = round
  const underWay = begun.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  await delay(pauseMs)
  const before = await Promise.all(underWay.map(async (each) => await each.isUnderWay()))
  const heal = await world.strike(victim)
  const wasStruck = new Map(underWay.map((each, index) => [each, before[index] && each.isStillHeld()]))
  for (const each of underWay) each.letGo(victim)
  await heal()
  await isWell(world)
  const prepared = meanwhile()
  const settled = await Promise.allSettled(
    begun.map(async (each) => {
      if (each.status === 'rejected') throw new Error(`It did not begin: ${reasonOf(each.reason)}`)
      await each.value.settle()
      if (!wasStruck.get(each.value)) throw new Error('It was not under way when it was struck.')
    }),
  )
  await prepared
  const shared = await expectInvariants(world).then(() => null, reasonOf)
  return settled.map((each) => (each.status === 'rejected' ? reasonOf(each.reason) : shared))
}
