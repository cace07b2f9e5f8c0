import { newId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { createLanes } from './lanes.ts'

const someId = () => newId('ins', systemClock)

/** Work that goes on until told to end. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { work: () => promise, end: resolve }
}

it('starts for a visitor while background starts fill their lane', async () => {
  const lanes = createLanes(1)
  const slow = held()
  const behind = lanes.run({ id: someId(), action: 'start', isVisited: false }, slow.work)
  await lanes.run({ id: someId(), action: 'start', isVisited: true }, async () => undefined)
  slow.end()
  await behind
})

it('lets a start that waits in the background pass once somebody visits, and runs it once', async () => {
  const lanes = createLanes(1)
  const slow = held()
  const ahead = lanes.run({ id: someId(), action: 'start', isVisited: false }, slow.work)
  const id = someId()
  let runs = 0
  const waiting = lanes.run({ id, action: 'start', isVisited: false }, async () => ++runs)
  lanes.promote(id)
  expect(await waiting).toBe(1)
  slow.end()
  await ahead
  expect(runs).toBe(1)
})

it('leaves work alone that has begun when somebody visits', async () => {
  const lanes = createLanes(1)
  const slow = held()
  const id = someId()
  const running = lanes.run({ id, action: 'start', isVisited: false }, () => slow.work().then(() => 'done'))
  lanes.promote(id)
  slow.end()
  expect(await running).toBe('done')
})

it('keeps deletions from holding up stops and starts', async () => {
  const lanes = createLanes(2)
  const deletions = [held(), held(), held()]
  const removals = deletions.map(({ work }) =>
    lanes.run({ id: someId(), action: 'remove', isVisited: false }, work),
  )
  for (const action of ['stop', 'create', 'start'] as const) {
    await lanes.run({ id: someId(), action, isVisited: false }, async () => undefined)
  }
  for (const { end } of deletions) end()
  await Promise.all(removals)
})
