import { expect, test } from 'vitest'
import type { Entry } from './entry.ts'
import { conversationOf, costOf, idOf, pathOf, pathTo, titleFrom } from './tree.ts'

const said = (id: string, parent: string | null): Entry => ({
  type: 'said',
  id,
  parent,
  text: id,
  images: [],
  at: 1,
})
const turn = (id: string, parent: string): Entry => ({ type: 'turn', id, parent, model: 'm', at: 2 })
const step = (turn: string, usd: string | null): Entry => ({
  ...{ type: 'step', turn, content: [{ type: 'text', text: 'words' }], at: 3 },
  cost: { usd, left: '4' },
})

const FORKED = [
  said('q1', null),
  turn('a1', 'q1'),
  said('q2', 'a1'),
  turn('a2', 'q2'),
  said('q2b', 'a1'),
  turn('a2b', 'q2b'),
  turn('a1b', 'q1'),
]
const ids = (...args: Parameters<typeof pathOf>) => pathOf(...args).map(idOf)

test('follows the newest branch, or the chosen one', () => {
  const it = conversationOf('one', FORKED)
  expect(ids(it)).toEqual(['q1', 'a1b'])
  expect(ids(it, (parent) => (parent === 'q1' ? 'a1' : undefined))).toEqual(['q1', 'a1', 'q2b', 'a2b'])
  const chosen: Record<string, string> = { q1: 'a1', a1: 'q2' }
  expect(ids(it, (parent) => chosen[String(parent)])).toEqual(['q1', 'a1', 'q2', 'a2'])
  expect(pathTo(it, 'a2').map(idOf)).toEqual(['q1', 'a1', 'q2', 'a2'])
})

test('is the same when entries come twice, and whole when parents go round in a circle', () => {
  expect(ids(conversationOf('one', [...FORKED, ...FORKED]))).toEqual(['q1', 'a1b'])
  const circle = conversationOf('two', [said('x', 'y'), turn('y', 'x')])
  expect(pathTo(circle, 'x').map(idOf)).toEqual(['y', 'x'])
  expect(ids(circle)).toEqual([])
})

test('adds up what an answer cost, and says nothing where nobody did', () => {
  const it = conversationOf('one', [
    said('q', null),
    turn('a', 'q'),
    step('a', '0.001'),
    step('a', '0.0002'),
    turn('b', 'q'),
    step('b', null),
  ])
  const [a, b] = ['a', 'b'].map((id) => it.turns.get(id))
  expect(a && costOf(a)).toEqual({ usd: '0.0012', left: '4' })
  expect(b && costOf(b)).toBeNull()
})

test.each([
  ['  Build me\n a game ', 'Build me a game'],
  ['', 'A picture'],
  ['word '.repeat(30), `${'word '.repeat(11)}word…`],
  ['x'.repeat(80), `${'x'.repeat(60)}…`],
])('is called by its first words: %j', (text, title) => expect(titleFrom(text)).toBe(title))
