import { expect, it } from 'vitest'
import type { InstanceSpec, Runtime, RuntimeInstance, RuntimeStatus } from '../../ports/runtime.ts'
import type { InstanceRow } from '../store.ts'
import { ACT } from './actions.ts'

/** What a creation comes to that finds its container so. */
async function created(tokenGeneration: number, status: RuntimeStatus | null) {
  const seen = status && ({ status } as RuntimeInstance)
  const runtime: Partial<Runtime> = { check: async () => {}, inspect: async () => seen }
  const done = await ACT.create({
    runtime: runtime as Runtime,
    spec: {} as InstanceSpec,
    row: { tokenGeneration } as InstanceRow,
    takeSteps: async () => {},
    onStep: () => {},
    unwanted: new AbortController().signal,
    stop: async () => {},
    pack: async () => true,
    detach: async () => undefined,
    unpack: async () => {},
  })
  return (await done()).observed
}

it.each(['created', 'stopped', null] as const)('leaves a container stopped that is %s', async (status) => {
  expect(await created(0, status)).toBe('stopped')
})

it.each(['running', 'paused'] as const)(
  'takes an instance from before token generations to be starting whose container is %s, as its token stays',
  async (status) => {
    expect(await created(0, status)).toBe('starting')
  },
)

it('asks nothing about one that has a token of its own', async () => {
  expect(await created(1, 'running')).toBe('stopped')
})
