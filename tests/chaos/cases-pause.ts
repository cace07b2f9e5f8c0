/** Computers that are frozen and thawed. */
import { wakeInstance } from '@matrixos/client'
import { until } from '@matrixos/testing/until'
import { atCall, type ChaosCase, type HeldAt } from './case.ts'
import { expectKept } from './invariants.ts'
import { createOwner, type Person } from './people.ts'
import { sendTo } from './tier.ts'
import type { World } from './world.ts'

const RESTS_MS = 90_000

/** An engine that died has ended what was frozen. */
const isAtRest = (person: Person) =>
  until(
    `${person.handle} is at rest`,
    async () => {
      const row = await person.row().catch(() => null)
      return row?.desired === 'paused' && ['paused', 'stopped'].includes(row.observed)
    },
    RESTS_MS,
  )

async function serves(person: Person): Promise<void> {
  await person.open()
  await person.becomes('running')
  expectKept(person)
}

const pausing = (world: World, person: Person, at: HeldAt) =>
  atCall(world, person, {
    ...at,
    act: () => sendTo(world, person, 'paused'),
    settle: async () => {
      await isAtRest(person)
      await serves(person)
    },
  })

const thawing = (world: World, person: Person, at: HeldAt) =>
  atCall(world, person, {
    ...at,
    act: () => wakeInstance(person.client),
    settle: () => serves(person),
  })

async function paused(world: World, handle: string): Promise<Person> {
  const person = await createOwner(world, handle)
  await sendTo(world, person, 'paused')
  await person.becomes('paused')
  return person
}

const awake = (world: World, handle: string): Promise<Person> => createOwner(world, handle)

export const pauseCases: readonly ChaosCase[] = [
  {
    ...{ action: 'pause', step: 'the engine is asked to freeze it', prepare: awake },
    begin: (world, person) => pausing(world, person, { kind: 'pause', point: 'asked', observed: 'running' }),
  },
  {
    ...{ action: 'pause', step: 'it is frozen, and nobody was told', prepare: awake },
    begin: (world, person) => pausing(world, person, { kind: 'pause', point: 'done', observed: 'running' }),
  },
  {
    ...{ action: 'wake', step: 'the engine is asked to thaw it', prepare: paused },
    begin: (world, person) =>
      thawing(world, person, { kind: 'unpause', point: 'asked', observed: 'starting' }),
  },
  {
    // Its own answer counts, and comes before the engine's.
    ...{ action: 'wake', step: 'it serves, and the engine has not said so', prepare: paused },
    begin: (world, person) =>
      thawing(world, person, { kind: 'unpause', point: 'done', observed: ['starting', 'running'] }),
  },
]
