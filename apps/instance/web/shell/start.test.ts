import { expect, test, vi } from 'vitest'
import type { Me } from '../../src/protocol.ts'
import { createStart } from './start.ts'
import { OWNER } from './testing.ts'

test('asks who is here, then what they left open', async () => {
  const recalled = Promise.withResolvers<void>()
  const start = createStart({ readMe: async () => OWNER, recall: () => recalled.promise })
  const asked = start.ask()
  await Promise.resolve()
  expect(start.state.get()).toEqual({ step: 'asking' })
  recalled.resolve()
  await asked
  expect(start.state.get()).toEqual({ step: 'ready', me: OWNER })
})

test('recalls nothing for who looks at somebody else’s computer', async () => {
  const recall = vi.fn(async () => undefined)
  const viewer = { ...OWNER, viewer: { handle: 'bob', canUseNotes: false } }
  await createStart({ readMe: async () => viewer, recall }).ask()
  expect(recall).not.toHaveBeenCalled()
})

test('asks again when told to, once at a time, and never when it knows', async () => {
  const readMe = vi
    .fn<() => Promise<Me>>()
    .mockRejectedValueOnce(new Error('no answer'))
    .mockResolvedValue(OWNER)
  const start = createStart({ readMe, recall: async () => undefined })
  await Promise.all([start.ask(), start.ask()])
  expect(readMe).toHaveBeenCalledTimes(1)
  expect(start.state.get()).toEqual({ step: 'failed' })
  const again = start.ask()
  expect(start.state.get()).toEqual({ step: 'asking' })
  await again
  expect(start.state.get()).toMatchObject({ step: 'ready' })
  await start.ask()
  expect(readMe).toHaveBeenCalledTimes(2)
})
