/** Deletions: of the container, and of a home that takes its time. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { deleteInstance } from '@matrixos/client'
import { until } from '@matrixos/testing/until'
import { atCall, atProcess, type ChaosCase } from './case.ts'
import { freezeTool } from './frozen.ts'
import { createOwner, type Person } from './people.ts'
import type { World } from './world.ts'

const MANY_FILES = 20_000
const GONE_MS = 90_000
const MOVES_MS = 30_000

/** Nothing of it is left, and nobody else gets its name. */
const isGone =
  ({ stack, engine }: World, { handle, container, folder, row }: Person) =>
  async () => {
    await until('its row is gone', async () => (await row()) === null, GONE_MS)
    const found = await engine.docker.listContainers({ all: true })
    if (found.some(({ Names }) => Names.includes(`/${container}`))) throw new Error('Its container is left.')
    if (existsSync(folder)) throw new Error(`${folder} is left.`)
    const { status } = await stack.client().trpc.auth.handleAvailability.query({ handle })
    if (status !== 'taken') throw new Error(`Its handle is ${status}.`)
  }

const deletion = { action: 'delete' }
const act = async ({ client, handle, logIn }: Person) => {
  await logIn()
  await deleteInstance(client, handle)
}

export const deleteCases: readonly ChaosCase[] = [
  {
    ...deletion,
    step: 'the engine is asked to remove the container',
    prepare: createOwner,
    begin: (world, person) =>
      atCall(world, person, {
        ...{ kind: 'remove', point: 'asked', observed: 'stopping' },
        act: () => act(person),
        settle: isGone(world, person),
      }),
  },
  {
    ...deletion,
    step: 'the container is gone, and nobody was told',
    prepare: createOwner,
    begin: (world, person) =>
      atCall(world, person, {
        ...{ kind: 'remove', point: 'done', observed: 'stopping' },
        act: () => act(person),
        settle: isGone(world, person),
      }),
  },
  {
    ...deletion,
    step: 'its files are being deleted',
    async prepare(world, handle) {
      const person = await createOwner(world, handle)
      person.fill(200_000, MANY_FILES)
      return person
    },
    async begin(world, person) {
      const id = (await person.row())?.id
      const aside = join(world.stack.dataDir, 'instances', `.removing-${id}`)
      await act(person)
      // Before it, what an earlier try may have left there is deleted in the same way.
      await until('its home is moved aside', () => existsSync(aside), MOVES_MS)
      const frozen = await freezeTool('rm', aside)
      return atProcess(frozen, {
        isUnderWay: async () =>
          existsSync(aside) && ((await person.row())?.doneSteps.includes('remove:container') ?? false),
        settle: isGone(world, person),
      })
    },
  },
]
