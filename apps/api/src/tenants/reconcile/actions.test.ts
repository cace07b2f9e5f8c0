import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import type {
  InstanceAddress,
  InstanceSpec,
  Runtime,
  RuntimeInstance,
  RuntimeStatus,
} from '../../ports/runtime.ts'
import type { InstanceRow } from '../store.ts'
import { ACT } from './actions.ts'
import { createThaws } from './thaws.ts'

/** What a creation comes to that finds its container so. */
async function created(tokenGeneration: number, status: RuntimeStatus | null) {
  const seen = status && ({ status } as RuntimeInstance)
  const runtime: Partial<Runtime> = { check: async () => {}, inspect: async () => seen }
  const done = await ACT.create({
    runtime: runtime as Runtime,
    thaws: createThaws({ runtime: runtime as Runtime, monotonic: () => 0 }),
    spec: async () => ({}) as InstanceSpec,
    row: { tokenGeneration } as InstanceRow,
    takeSteps: async () => {},
    onStep: () => {},
    unwanted: new AbortController().signal,
    stop: async () => {},
    announce: () => () => undefined,
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

/** What a start of a paused computer asks for, and comes to. */
async function startedFrom(isPaused: boolean, address: InstanceAddress | null, isPrompt = false) {
  const asked: string[] = []
  const runtime: Partial<Runtime> = {
    resume: async () => {
      asked.push('resume')
      return isPaused
    },
    start: async () => {
      asked.push('start')
      throw new Error('far enough')
    },
  }
  const { take } = createThaws({ runtime: runtime as Runtime, monotonic: () => 0 })
  const done = ACT.start({
    runtime: runtime as Runtime,
    thaws: { take: (...of) => ({ ...take(...of), isPrompt: () => isPrompt }) },
    spec: async () => ({}) as InstanceSpec,
    row: { address, startLimitMs: null } as InstanceRow,
    takeSteps: async () => {},
    onStep: (step) => void asked.push(step),
    unwanted: AbortSignal.abort(),
    stop: async () => {},
    announce: () => {
      asked.push('let in')
      return () => void asked.push('no longer')
    },
    pack: async () => true,
    detach: async () => undefined,
    unpack: async () => {},
  })
  await done.catch(() => undefined)
  return asked
}

const ADDRESS: InstanceAddress = { host: '10.0.0.3', gatewayPort: 4000, shellPort: null, trust: 'edge' }

it('lets go on what is paused, and asks for nothing else', async () => {
  expect(await startedFrom(true, ADDRESS)).toEqual(['resume'])
})

it('starts what is said to be paused and is not, and what is not paused', async () => {
  expect(await startedFrom(false, ADDRESS)).toEqual(['resume', 'start'])
  expect(await startedFrom(false, null)).toEqual(['start'])
})

/** What a start of a paused computer comes to whose container answers at once; the engine says so when `engine` resolves. */
async function resumed(engine: () => Promise<boolean>, { tells }: { tells: boolean }) {
  const server = createServer((_, response) => response.end(JSON.stringify({ status: 'ok' })))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const runtime: Partial<Runtime> = {
    resume: (_, onAsked) => {
      if (tells) onAsked?.()
      return engine()
    },
    inspect: async () => null,
  }
  const done = await ACT.start({
    runtime: runtime as Runtime,
    thaws: createThaws({ runtime: runtime as Runtime, monotonic: () => 0 }),
    spec: () => Promise.reject(new Error('It is not started.')),
    row: { address: { ...ADDRESS, host: '127.0.0.1', gatewayPort: port }, startLimitMs: null } as InstanceRow,
    takeSteps: async () => {},
    onStep: () => {},
    unwanted: new AbortController().signal,
    stop: async () => {},
    announce: () => () => undefined,
    pack: async () => true,
    detach: async () => undefined,
    unpack: async () => {},
  })
  const { observed } = await done()
  server.close()
  return observed
}

it('is up as soon as it answers, before the engine says that it let it go on', async () => {
  expect(await resumed(() => new Promise(() => {}), { tells: true })).toBe('running')
})

it('asks it once the engine has let it go on, where that does not say when it was asked', async () => {
  expect(await resumed(async () => true, { tells: false })).toBe('running')
})

it('fails as the engine does', async () => {
  await expect(
    resumed(() => Promise.reject(new Error('The engine is away.')), { tells: false }),
  ).rejects.toThrow('The engine is away.')
})

it('lets in who waits while a prompt engine is at it, and no longer where it was not paused', async () => {
  expect(await startedFrom(true, ADDRESS, true)).toEqual(['resume', 'let in'])
  expect(await startedFrom(false, ADDRESS, true)).toEqual(['resume', 'let in', 'no longer', 'start'])
})

it('lets nobody more in once the engine takes longer than it did before', async () => {
  const asked: string[] = []
  const runtime = { resume: () => new Promise<never>(() => undefined) } as Partial<Runtime> as Runtime
  const { take } = createThaws({ runtime, monotonic: () => 0, promptMs: 1 })
  void ACT.start({
    ...{ runtime, thaws: { take: (...of) => ({ ...take(...of), isPrompt: () => true }) } },
    ...{ spec: async () => ({}) as InstanceSpec, row: { address: ADDRESS } as InstanceRow },
    ...{ takeSteps: async () => {}, onStep: () => {}, unwanted: new AbortController().signal },
    ...{ stop: async () => {}, pack: async () => true, detach: async () => {}, unpack: async () => {} },
    announce: () => {
      asked.push('let in')
      return () => void asked.push('no longer')
    },
  })
  await expect.poll(() => asked).toEqual(['let in', 'no longer'])
})
