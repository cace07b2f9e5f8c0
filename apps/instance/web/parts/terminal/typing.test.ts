import { expect, test } from 'vitest'
import { createTyping, MOST_WAITING, MOST_WAITING_OFFLINE, type Typed } from './typing.ts'

function start() {
  const sent: Typed[] = []
  const lost: number[] = []
  const typing = createTyping({
    send: (typed) => {
      sent.push(typed)
      return true
    },
    onLost: (characters) => void lost.push(characters),
  })
  return { typing, sent, lost, texts: () => sent.splice(0).map(({ data }) => data) }
}

test('keeps what is typed before there is a terminal, and sends it then', () => {
  const { typing, texts, lost } = start()
  typing.attached({ generation: 1, typed: 0 })
  typing.disconnected()
  expect(typing.type('ls')).toBe(true)
  expect(texts()).toEqual([])
  expect(typing.waiting).toBe(2)
  typing.attached({ generation: 1, typed: 0 })
  expect(texts()).toEqual(['ls'])
  typing.taken(1)
  expect(typing.waiting).toBe(0)
  expect(lost).toEqual([])
})

test('sends again what has not been taken when the link broke, and nothing that has', () => {
  const { typing, texts } = start()
  typing.attached({ generation: 1, typed: 0 })
  for (const letter of 'abc') typing.type(letter)
  expect(texts()).toEqual(['a', 'b', 'c'])
  typing.taken(1)
  typing.disconnected()
  typing.attached({ generation: 1, typed: 2 })
  expect(texts()).toEqual(['c'])
})

test('gives nothing to another shell than the one that it was typed for, and says so', () => {
  const { typing, texts, lost } = start()
  typing.attached({ generation: 1, typed: 0 })
  typing.disconnected()
  typing.type('rm all')
  typing.attached({ generation: 2, typed: 0 })
  expect(texts()).toEqual([])
  expect(lost).toEqual([6])
  typing.type('ls')
  expect(texts()).toEqual(['ls'])
  typing.untaken(2)
  expect(lost).toEqual([6, 2])
})

test('types for the shell that was started anew under its eyes', () => {
  const { typing, sent } = start()
  typing.attached({ generation: 1, typed: 0 })
  typing.restarted(2)
  typing.type('ls')
  expect(sent.map(({ generation }) => generation)).toEqual([2])
})

test('refuses what there is no room for, without a connection much sooner', () => {
  const { typing } = start()
  expect(typing.type('x'.repeat(MOST_WAITING_OFFLINE + 1))).toBe(false)
  expect(typing.waiting).toBe(0)
  typing.attached({ generation: 1, typed: 0 })
  expect(typing.type('x'.repeat(MOST_WAITING + 1))).toBe(false)
  expect(typing.type('x'.repeat(MOST_WAITING))).toBe(true)
  expect(typing.type('x')).toBe(false)
})

test('sends a paste in pieces, a few at a time and in order', () => {
  const { typing, texts } = start()
  typing.attached({ generation: 1, typed: 0 })
  const paste = Array.from({ length: 300_000 }, (_, index) => String(index % 10)).join('')
  typing.type(paste)
  const pieces = texts()
  expect(pieces).toHaveLength(8)
  for (let number = 1; typing.waiting > 0; number++) {
    typing.taken(number)
    pieces.push(...texts())
  }
  expect(pieces.join('')).toBe(paste)
})
