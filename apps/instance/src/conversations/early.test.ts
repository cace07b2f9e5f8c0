import { expect, test } from 'vitest'
import type { EventSeen } from './client/host-protocol.ts'
import { createEarly } from './early.ts'

const event = (id: number, roomId = '!a'): EventSeen => ({
  ...{ id: `$${id}`, roomId, sender: '@ada:test', at: id, transaction: null, content: null },
})

test('keeps what is said in a room until that is told of, the last of it', () => {
  const early = createEarly()
  for (let id = 1; id <= 501; id++) early.keep('ai', event(id))
  early.keep('person', event(502))
  expect(early.take('ai', '!a').map(({ id }) => id)).toEqual(
    Array.from({ length: 500 }, (_, at) => `$${at + 2}`),
  )
  expect(early.take('ai', '!a')).toEqual([])
})

test('keeps nothing of rooms of several, until they are rooms of two', () => {
  const early = createEarly()
  early.keep('ai', event(1))
  early.ignore('ai', '!a')
  early.keep('ai', event(2))
  expect(early.take('ai', '!a')).toEqual([])
  early.keep('ai', event(3))
  expect(early.take('ai', '!a')).toHaveLength(1)
})
