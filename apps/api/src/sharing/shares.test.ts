import type { InstanceId, UserId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { createLog } from '../log.ts'
import { createShares } from './shares.ts'
import type { Viewer } from './store.ts'

const instanceId: InstanceId = 'ins_a'
const userId: UserId = 'usr_b'
const viewer: Viewer = { instanceId, userId, canUseNotes: true, createdAt: new Date(0) }

/** A database whose answers come when they are let, with what was there when they were asked for. */
async function start() {
  let rows = [viewer]
  const answers: (() => void)[] = []
  const read = () => {
    const seen = rows
    return new Promise<Viewer[]>((resolve) => answers.push(() => resolve(seen)))
  }
  const opening = createShares({
    store: { all: read, ofInstance: read },
    notifications: { publish: () => undefined, subscribe: async () => async () => undefined },
    log: createLog({ level: 'silent', part: 'test' }),
  })
  await expect.poll(() => answers.length).toBe(1)
  answers.shift()?.()
  const shares = await opening
  return {
    shares,
    answers,
    revoke: () => {
      rows = []
    },
    mayLook: () => shares.of(instanceId, userId) !== undefined,
  }
}

it('lets nobody back in by a slow answer from before the end: of one instance', async () => {
  const { shares, answers, revoke, mayLook } = await start()
  expect(mayLook()).toBe(true)
  const slow = shares.publish(instanceId)
  revoke()
  const later = shares.reload()
  answers[1]?.()
  await later
  expect(mayLook()).toBe(false)
  answers[0]?.()
  await slow
  expect(mayLook()).toBe(false)
})

it('lets nobody back in by a slow answer from before the end: of all', async () => {
  const { shares, answers, revoke, mayLook } = await start()
  const slow = shares.reload()
  revoke()
  const later = shares.reload()
  answers[1]?.()
  await later
  answers[0]?.()
  await slow
  expect(mayLook()).toBe(false)
})
