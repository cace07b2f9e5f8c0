import type { InstanceId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import type { InstanceRow } from '../store.ts'
import { createThaws } from './thaws.ts'

const ADDRESS = { host: '127.0.0.1', gatewayPort: 1, shellPort: null, trust: 'edge' } as const
const paused = {
  id: 'ins_a' as InstanceId,
  generation: 1,
  observed: 'paused',
  address: ADDRESS,
} as InstanceRow

function counted(keptMs?: number) {
  const asked: number[] = []
  const runtime = {
    resume: async ({ generation }: { generation: number }) => {
      asked.push(generation)
      return true
    },
  }
  return {
    asked,
    thaws: createThaws({ runtime, monotonic: () => 0, ...(keptMs !== undefined && { keptMs }) }),
  }
}

it('asks the engine once for a visit and the start that follows from it', async () => {
  const { asked, thaws } = counted()
  thaws.begin(paused)
  thaws.begin(paused)
  const thaw = thaws.take(paused, ADDRESS)
  expect(await thaw.isPaused).toBe(true)
  thaw.end()
  expect(asked).toEqual([1])
})

it('begins nothing for what is not paused', () => {
  const { asked, thaws } = counted()
  thaws.begin({ ...paused, observed: 'stopped' })
  thaws.begin({ ...paused, address: null })
  expect(asked).toEqual([])
})

it('takes no thaw of the container before for that of the next one', () => {
  const { asked, thaws } = counted()
  thaws.begin(paused)
  thaws.take({ ...paused, generation: 2 }, ADDRESS).end()
  expect(asked).toEqual([1, 2])
})

it('keeps no thaw that no start took', async () => {
  const { asked, thaws } = counted(1)
  thaws.begin(paused)
  await expect
    .poll(() => {
      thaws.begin(paused)
      return asked.length
    })
    .toBeGreaterThan(1)
})

it('fails as the engine does, and disturbs nobody who did not ask', async () => {
  const thaws = createThaws({
    runtime: { resume: () => Promise.reject(new Error('The engine is away.')) },
    monotonic: () => 0,
  })
  thaws.begin(paused)
  await expect(thaws.take(paused, ADDRESS).isPaused).rejects.toThrow('The engine is away.')
})

it('calls the engine prompt only after it was, and as long as it is', async () => {
  let ms = 0
  const late = async () => {
    ms += 1_000
    return true
  }
  const answers = [async () => true, late, async () => true, async () => false]
  const thaws = createThaws({
    runtime: { resume: () => answers.shift()?.() ?? Promise.reject() },
    monotonic: () => ms,
  })
  const seen: boolean[] = []
  for (let round = 0; round < 5; round++) {
    const { isPaused, isPrompt, end } = thaws.take(paused, ADDRESS)
    seen.push(isPrompt())
    await isPaused.catch(() => undefined)
    end()
  }
  expect(seen).toEqual([false, true, false, true, false])
})

it('calls an engine that says nothing prompt no more, and says that the thaw is late', async () => {
  const answers = [async () => true, () => new Promise<never>(() => undefined)]
  const thaws = createThaws({
    runtime: { resume: () => answers.shift()?.() ?? Promise.reject() },
    ...{ monotonic: () => 0, promptMs: 1 },
  })
  const first = thaws.take(paused, ADDRESS)
  await first.isPaused
  first.end()
  const hanging = thaws.take(paused, ADDRESS)
  expect(hanging.isPrompt()).toBe(true)
  await hanging.late
  expect(hanging.isPrompt()).toBe(false)
  hanging.end()
})
