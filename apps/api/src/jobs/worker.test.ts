/** Rows that several looks at once want worked through. */
import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { createWorker } from './worker.ts'

const log = pino({ level: 'silent' })

it('has no more under way than it may, however many look at once', async () => {
  const [begun, over] = [vi.fn(), Promise.withResolvers<void>()]
  let rows = 0
  const claims: number[] = []
  const worker = createWorker<number>({
    ...{ name: 'test', keyOf: String, most: 2, renew: async () => undefined, log },
    async claim(most) {
      claims.push(most)
      await new Promise(setImmediate)
      return Array.from({ length: most }, () => ++rows)
    },
    async perform(row) {
      begun(row)
      await over.promise
    },
  })
  await Promise.all([worker.run(), worker.run(), worker.run()])
  expect(begun).toHaveBeenCalledTimes(2)
  expect(claims).toEqual([2])
  over.resolve()
  await worker.settled()
  await worker.run()
  expect(begun).toHaveBeenCalledTimes(4)
  await worker.close()
})

it('looks again after a look that failed', async () => {
  const claim = vi.fn(async (): Promise<number[]> => []).mockRejectedValueOnce(new Error('away'))
  const worker = createWorker<number>({
    ...{ name: 'test', keyOf: String, most: 2, claim, renew: async () => undefined, log },
    perform: async () => undefined,
  })
  const looks = [worker.run(), worker.run()]
  expect((await Promise.allSettled(looks)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  expect(claim).toHaveBeenCalledTimes(2)
})

it('waits at its end for a look that is under way, and for what that takes', async () => {
  const asked = Promise.withResolvers<number[]>()
  const performed = vi.fn(async () => undefined)
  const worker = createWorker<number>({
    ...{ name: 'test', keyOf: String, most: 2, claim: () => asked.promise, log },
    ...{ renew: async () => undefined, perform: performed },
  })
  const looked = worker.run()
  const closed = worker.close().then(() => performed.mock.calls.length)
  setImmediate(() => asked.resolve([1]))
  expect(await closed).toBe(1)
  await looked
})
