import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import type { Listener } from '../../db/database.ts'
import { createNotifications } from '../../db/notifications.ts'
import { followPrices } from './follow.ts'

const log = pino({ level: 'silent' })

it('reads the edits before anything is priced, at every notice and after every gap, until it ends', async () => {
  const listeners: Listener[] = []
  const ended = vi.fn(async () => {})
  const database = {
    listen: async (_: string, listener: Listener) => {
      listeners.push(listener)
      return ended
    },
    notify: async () => {},
  }
  const reload = vi.fn(async () => {})
  const notifications = createNotifications({ database, processId: 'me', log })
  const stop = await followPrices({ book: { reload }, notifications, log })
  // At first, and by the first run of the loop.
  expect(reload).toHaveBeenCalledTimes(2)
  const notice = { provider: 'anthropic', model: 'claude-haiku-4-5' }
  listeners[0]?.onMessage(JSON.stringify({ from: 'another', notice }))
  expect(reload).toHaveBeenCalledTimes(3)
  listeners[0]?.onConnected()
  expect(reload).toHaveBeenCalledTimes(4)
  await stop()
  expect(ended).toHaveBeenCalledOnce()
})

it('looks again and again without any notice, also after a look that failed', async () => {
  const reload = vi.fn(async () => {})
  const stop = await followPrices({ book: { reload }, notifications: null, log, lookMs: 1 })
  reload.mockRejectedValueOnce(new Error('The database is away.'))
  await expect.poll(() => reload.mock.calls.length).toBeGreaterThan(5)
  await stop()
})

it('fails where the edits cannot be read at first', async () => {
  const reload = async () => {
    throw new Error('The database is away.')
  }
  await expect(followPrices({ book: { reload }, notifications: null, log })).rejects.toThrow('away')
})
