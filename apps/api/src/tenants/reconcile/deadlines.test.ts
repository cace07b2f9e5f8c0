import { newId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { withDeadlines } from './deadlines.ts'

const never = () => new Promise<never>(() => undefined)
const verbs = [
  'check',
  'ociRuntimes',
  'verifyIsolation',
  'create',
  'start',
  'pause',
  'resume',
  'stop',
  'remove',
  'inspect',
  'update',
  'keepsBandwidth',
  'usage',
  'list',
  'logs',
  'selfTest',
] as const
const all = <T>(value: T) =>
  Object.fromEntries(verbs.map((verb) => [verb, value])) as Record<(typeof verbs)[number], T>

it.each(verbs)('ends a call that the engine never answers: %s', async (verb) => {
  const stuck = { name: 'docker', ...all(never) } as unknown as Runtime
  const runtime = withDeadlines(stuck, all(10))
  const call = runtime[verb] as (id: string) => Promise<unknown>
  await expect(call('any')).rejects.toMatchObject({
    code: 'engine_down',
    message: expect.stringMatching(/^The container engine took longer than 0.01 s to /),
  })
})

it('passes answers and errors on', async () => {
  const error = new Error('no')
  const runtime = withDeadlines({
    ...({ name: 'docker' } as unknown as Runtime),
    list: async () => [],
    inspect: () => Promise.reject(error),
  })
  expect(await runtime.list()).toEqual([])
  await expect(runtime.inspect({ id: newId('ins', systemClock), generation: 1 })).rejects.toBe(error)
})
