/** Computers that are packed away, and come back with a visit. */
import { wakeInstance } from '@matrixos/client'
import { atCall, atProcess, type ChaosCase } from './case.ts'
import { freezeTool } from './frozen.ts'
import { expectKept } from './invariants.ts'
import { createOwner, type Person } from './people.ts'
import { sendTo } from './tier.ts'
import type { World } from './world.ts'

/** More than all buffers on its way hold. */
const BIG_BYTES = 24_000_000

async function sleeper(world: World, handle: string): Promise<Person> {
  const person = await createOwner(world, handle, BIG_BYTES)
  await person.sleep()
  return person
}

async function archived(world: World, handle: string): Promise<Person> {
  const person = await sleeper(world, handle)
  await sendTo(world, person, 'archived')
  await person.becomes('archived')
  return person
}

/** Not a byte was lost on the way, and none is on the way back. */
const isPackedAway = (person: Person) => async () => {
  await person.becomes('archived')
  await person.open()
  await person.becomes('running')
  expectKept(person)
}

const isBack = (person: Person) => async () => {
  await person.becomes('running')
  await person.open()
  expectKept(person)
}

export const archiveCases: readonly ChaosCase[] = [
  {
    action: 'archive',
    step: 'its home is being packed',
    prepare: sleeper,
    async begin(world, person) {
      await sendTo(world, person, 'archived')
      const frozen = await freezeTool('tar', person.folder)
      return atProcess(frozen, {
        isUnderWay: async () => (await person.row())?.observed === 'archiving',
        settle: isPackedAway(person),
      })
    },
  },
  {
    action: 'archive',
    step: 'its container is to be removed',
    prepare: sleeper,
    begin: (world, person) =>
      atCall(world, person, {
        ...{ kind: 'remove', point: 'asked', observed: 'archiving' },
        act: () => sendTo(world, person, 'archived'),
        settle: isPackedAway(person),
      }),
  },
  {
    action: 'restore',
    step: 'its home is being unpacked',
    prepare: archived,
    async begin(_world, person) {
      await wakeInstance(person.client)
      const frozen = await freezeTool('tar', person.folder)
      return atProcess(frozen, {
        isUnderWay: async () => (await person.row())?.observed === 'restoring',
        settle: isBack(person),
      })
    },
  },
]
