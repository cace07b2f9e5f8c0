import { expect, it } from 'vitest'
import { createLocks } from './locks.ts'

it('is idle once what waits for its turn, and what that begins, has ended', async () => {
  const { locked, idle } = createLocks()
  const first = Promise.withResolvers<void>()
  const ended: string[] = []
  void locked('a', () => first.promise)
  void locked('a', async () => {
    ended.push('waiting')
    void locked('b', async () => void ended.push('begun'))
  })
  const quiet = idle().then(() => ended.push('idle'))
  first.resolve()
  await quiet
  expect(ended).toEqual(['waiting', 'begun', 'idle'])
})

it('goes on after a verb that failed', async () => {
  const { locked, idle } = createLocks()
  const failed = locked('a', () => Promise.reject(new Error('failed')))
  const next = locked('a', async () => 'done')
  await idle()
  await expect(failed).rejects.toThrow('failed')
  expect(await next).toBe('done')
})
