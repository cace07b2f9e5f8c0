/** Creations and wakes, at the calls to the engine and while the computer is not healthy yet. */
import { wakeInstance } from '@matrixos/client'
import { until } from '@matrixos/testing/until'
import { atCall, atProcess, type ChaosCase, type UnderWay } from './case.ts'
import { freeze } from './frozen.ts'
import { expectKept } from './invariants.ts'
import { createOwner, createPerson, type Person } from './people.ts'
import type { World } from './world.ts'

/** Whatever was cut off, its owner gets in, and nothing is missing. */
const servesAgain = (person: Person) => async () => {
  await person.becomes('running')
  await person.open()
  expectKept(person)
}

/** Its processes stand still from the moment they are there: it can neither answer nor end. */
async function atHealth(world: World, person: Person, act: () => Promise<unknown>): Promise<UnderWay> {
  const held = world.gate.hold({ container: person.container, kind: 'start', point: 'done' })
  await act()
  const call = await held
  const { State } = await world.engine.docker.getContainer(person.container).inspect()
  const frozen = freeze(State.Pid)
  call.passOn()
  const isProbed = async () => {
    const row = await person.row()
    return row?.observed === 'starting' && row.step === 'health'
  }
  await until('its health is asked for', isProbed)
  return atProcess(frozen, { isUnderWay: isProbed, settle: servesAgain(person) })
}

const creation = {
  action: 'create',
  prepare: async (world: World, handle: string) => createPerson(world, handle),
}
/** One more than once: what was asked for twice is there once. */
const wake = {
  action: 'wake',
  prepare: async (world: World, handle: string) => {
    const person = await createOwner(world, handle)
    await person.sleep()
    return person
  },
}
const asleepAgain = ({ client }: Person) => wakeInstance(client)

export const startCases: readonly ChaosCase[] = [
  {
    ...creation,
    step: 'the engine is asked for a container',
    begin: (world, person) =>
      atCall(world, person, {
        ...{ kind: 'create', point: 'asked', observed: 'creating' },
        act: person.signUp,
        settle: servesAgain(person),
      }),
  },
  {
    ...creation,
    step: 'the container is made, and nobody was told',
    begin: (world, person) =>
      atCall(world, person, {
        ...{ kind: 'create', point: 'done', observed: 'creating' },
        act: person.signUp,
        settle: servesAgain(person),
      }),
  },
  {
    ...creation,
    step: 'its first start is asked for',
    begin: (world, person) =>
      atCall(world, person, {
        ...{ kind: 'start', point: 'asked', observed: 'starting' },
        act: person.signUp,
        settle: servesAgain(person),
      }),
  },
  { ...creation, step: 'not healthy yet', begin: (world, person) => atHealth(world, person, person.signUp) },
  {
    ...wake,
    step: 'its start is asked for',
    begin: (world, person) =>
      atCall(world, person, {
        ...{ kind: 'start', point: 'asked', observed: 'starting' },
        act: () => asleepAgain(person),
        settle: servesAgain(person),
      }),
  },
  {
    ...wake,
    step: 'it is started, and nobody was told',
    begin: (world, person) =>
      atCall(world, person, {
        ...{ kind: 'start', point: 'done', observed: 'starting' },
        act: () => asleepAgain(person),
        settle: servesAgain(person),
      }),
  },
  {
    ...wake,
    step: 'not healthy yet',
    begin: (world, person) => atHealth(world, person, () => asleepAgain(person)),
  },
]
