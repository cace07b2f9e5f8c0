import type { InstanceId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { createLog } from '../../log.ts'
import type { RuntimeEvent } from '../../ports/runtime.ts'
import { followEvents } from './follow-events.ts'

const log = createLog({ level: 'silent', part: 'test' })
const [a, b] = ['ins_a', 'ins_b'] as [InstanceId, InstanceId]
const oom = (id: InstanceId): RuntimeEvent => ({ id, generation: 1, kind: 'oom' })

/** Follows events that the test sends; each look takes a turn of the event loop. */
function follow(pauseMs: number, look: (id: InstanceId) => Promise<void> = async () => undefined) {
  const abort = new AbortController()
  const looks: InstanceId[] = []
  const { readable, writable } = new TransformStream<RuntimeEvent, RuntimeEvent>(
    undefined,
    new CountQueuingStrategy({ highWaterMark: 2_000 }),
  )
  const writer = writable.getWriter()
  const done = followEvents({
    runtime: { events: () => readable },
    look: async (id) => {
      looks.push(id)
      await new Promise(setImmediate)
      await look(id)
    },
    signal: abort.signal,
    log,
    pauseMs,
  })
  return {
    looks,
    send: async (events: RuntimeEvent[]) =>
      void (await Promise.all(events.map((event) => writer.write(event)))),
    [Symbol.asyncDispose]: async () => {
      abort.abort()
      await writer.close()
      await done
    },
  }
}

it('looks once in each pause at an instance that reports a thousand times', async () => {
  await using followed = follow(60_000)
  await followed.send(Array.from({ length: 1_000 }, () => oom(a)))
  await followed.send([oom(b)])
  await expect.poll(() => followed.looks).toContain(b)
  expect(followed.looks.filter((id) => id === a).length).toBe(1)
})

it('looks again after the pause when something was reported meanwhile', async () => {
  await using followed = follow(1)
  await followed.send([oom(a)])
  await expect.poll(() => followed.looks).toEqual([a])
  await followed.send([oom(a), oom(a), oom(a)])
  await expect.poll(() => followed.looks.length).toBeGreaterThan(1)
})

it('goes on after a look that failed', async () => {
  await using followed = follow(1, async () => Promise.reject(new Error('down')))
  await followed.send([oom(a)])
  await expect.poll(() => followed.looks).toEqual([a])
  await followed.send([oom(b), oom(a)])
  await expect.poll(() => followed.looks.toSorted()).toEqual([a, a, b])
})

it('looks at nothing because of a start', async () => {
  await using followed = follow(1)
  await followed.send([
    { id: a, generation: 1, kind: 'started' },
    { id: a, generation: 1, kind: 'unpaused' },
    { id: b, generation: 1, kind: 'stopped' },
  ])
  await expect.poll(() => followed.looks).toEqual([b])
})
