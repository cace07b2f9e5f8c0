import { webcrypto } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { NOBODYS_HASH } from './password.ts'
import { createPasswordQueue } from './password-queue.ts'

it('keeps the thread pool free for others', async () => {
  const queue = createPasswordQueue({ atOnce: 1, waiting: 100 })
  let checked = 0
  const checks = Array.from({ length: 30 }, () => queue.dummyVerify('a guess').then(() => checked++))
  await turn() // Now as many are on the pool as the queue lets through.
  // As a cookie is opened: on the same pool, in its turn.
  await webcrypto.subtle.digest('SHA-256', new Uint8Array(8))
  expect(checked).toBeLessThan(10)
  await Promise.all(checks)
  expect(checked).toBe(30)
})

type Queue = ReturnType<typeof createPasswordQueue>

it.each<[keyof Queue, (queue: Queue) => Promise<unknown>]>([
  ['hash', (queue) => queue.hash('a guess', (bytes) => new Uint8Array(bytes))],
  ['verify', (queue) => queue.verify(NOBODYS_HASH, 'a guess')],
  ['dummyVerify', (queue) => queue.dummyVerify('a guess')],
])('refuses what would wait too long, and takes more once some are done: %s', async (_verb, work) => {
  const queue = createPasswordQueue({ atOnce: 1, waiting: 2 })
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => work(queue)))
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...Array(3).fill('fulfilled'),
    ...Array(5).fill('rejected'),
  ])
  expect(outcomes[7]).toMatchObject({ reason: { code: 'too_many_requests', retryAfterS: 2 } })
  await work(queue)
})
