/** What the job queue promises, on either database. */
import { randomUUID } from 'node:crypto'
import { until } from '@matrixos/testing/until'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { DatabaseDoor } from '../../../db/database.ts'
import { createJobQueue, type JobQueue, jobKind } from '../queue.ts'

export interface QueueHarness extends AsyncDisposable {
  door: DatabaseDoor
}

const schema = z.object({ what: z.string() })
type Data = z.infer<typeof schema>

export function jobQueueContract(name: string, boot: () => Promise<QueueHarness>): void {
  describe(`the job queue ${name}`, () => {
    let harness: QueueHarness
    const open: JobQueue[] = []
    beforeAll(async () => {
      harness = await boot()
    })
    afterAll(async () => {
      for (const queue of open) await queue.close()
      await harness[Symbol.asyncDispose]()
    })

    async function start(kind: string, perform: (data: Data, signal: AbortSignal) => Promise<void>) {
      const queue = createJobQueue({ door: harness.door, log: pino({ level: 'silent' }) })
      open.push(queue)
      await queue.start([jobKind({ name: kind, schema, most: 2, perform })])
      return queue
    }
    const newKind = () => `kind-${randomUUID()}`

    it('performs what is added, and takes one of a key at a time', async () => {
      const kind = newKind()
      const done: string[] = []
      const first = Promise.withResolvers<void>()
      const queue = await start(kind, async ({ what }) => {
        if (what === 'one') await first.promise
        done.push(what)
      })
      await queue.add(kind, 'ada', { what: 'one' })
      await queue.add(kind, 'ada', { what: 'one again' })
      await queue.add(kind, 'bob', { what: 'two' })
      await until('bob is done', async () => done.includes('two'))
      first.resolve()
      await until('ada is done', async () => done.includes('one'))
      await until('a job of the same key is taken again', async () => {
        await queue.add(kind, 'ada', { what: 'three' })
        return done.includes('three')
      })
      expect(done).not.toContain('one again')
    })

    it('hands the job of a process that stops to another', async () => {
      const kind = newKind()
      const begun = Promise.withResolvers<void>()
      const queue = await start(kind, async (_data, signal) => {
        begun.resolve()
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      })
      await queue.add(kind, 'ada', { what: 'long' })
      await begun.promise
      await queue.close()
      const done: string[] = []
      await start(kind, async ({ what }) => void done.push(what))
      await until('it is done', async () => done.includes('long'), 60_000)
      expect(done).toEqual(['long'])
    }, 90_000)

    it('drops what it does not understand, and goes on', async () => {
      const kind = newKind()
      const done: string[] = []
      const queue = await start(kind, async ({ what }) => void done.push(what))
      await queue.add(kind, 'strange', { other: 1 })
      await queue.add(kind, 'known', { what: 'known' })
      await until('the other is done', async () => done.includes('known'))
      await until('its key is free again', async () => {
        await queue.add(kind, 'strange', { what: 'strange' })
        return done.includes('strange')
      })
    })
  })
}
