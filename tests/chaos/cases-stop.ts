/** Computers that are put to sleep. */
import { putInstanceToSleep } from '@matrixos/client'
import { atCall, type CallCase, type ChaosCase, type UnderWay } from './case.ts'
import { type Frozen, freeze } from './frozen.ts'
import { expectKept } from './invariants.ts'
import { createOwner, type Person } from './people.ts'
import type { World } from './world.ts'

/** Asleep, and as it was at the next visit. */
const sleeps = (person: Person) => async () => {
  await person.becomes('stopped')
  expectKept(person)
  await person.open()
  await person.becomes('running')
}

const sleep = {
  action: 'sleep',
  prepare: async (world: World, handle: string) => createOwner(world, handle),
}

const stopping = (world: World, person: Person, point: CallCase['point']): Promise<UnderWay> =>
  atCall(world, person, {
    ...{ kind: 'stop', point, observed: 'stopping' },
    act: () => putInstanceToSleep(person.client),
    settle: sleeps(person),
  })

export const stopCases: readonly ChaosCase[] = [
  { ...sleep, step: 'its stop is asked for', begin: (world, person) => stopping(world, person, 'asked') },
  {
    ...sleep,
    step: 'it does not end at once',
    async begin(world, person) {
      const { State } = await world.engine.docker.getContainer(person.container).inspect()
      const frozen: Frozen = freeze(State.Pid)
      const underWay = await stopping(world, person, 'working')
      return {
        ...underWay,
        letGo: (victim) => {
          frozen.thaw()
          underWay.letGo(victim)
        },
      }
    },
  },
  {
    ...sleep,
    step: 'it has stopped, and nobody was told',
    begin: (world, person) => stopping(world, person, 'done'),
  },
]
