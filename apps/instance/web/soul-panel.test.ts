import { expect, test, vi } from 'vitest'
import { createSoulPanel, soulText } from './soul-panel.ts'

test.each([
  ['# Soul\n\nHello.\n', 'Hello.'],
  ['Hello.', 'Hello.'],
  ['# Hello\n', '# Hello'],
])('shows the soul %o as %o', (soul, expected) => {
  expect(soulText(soul)).toBe(expected)
})

test.each([null, '', ' \n'])('says that there is no soul for %o', (soul) => {
  expect(soulText(soul)).toContain('No soul yet')
})

test('shows a changed soul, leaves the same one alone, and changes nothing without a response', async () => {
  const answers = [
    Promise.resolve('a'),
    Promise.resolve('a'),
    Promise.reject(new Error('asleep')),
    Promise.resolve('b'),
  ]
  const show = vi.fn()
  const panel = createSoulPanel({ read: () => answers.shift() ?? Promise.resolve(null), show })
  for (let times = 0; times < 4; times++) await panel.refresh()
  expect(show.mock.calls).toEqual([['a'], ['b']])
})

test('does not replace a newer response with a late one', async () => {
  const first = Promise.withResolvers<string>()
  const show = vi.fn()
  const answers = [first.promise, Promise.resolve('new')]
  const panel = createSoulPanel({ read: () => answers.shift() ?? Promise.resolve(null), show })
  const late = panel.refresh()
  await panel.refresh()
  first.resolve('old')
  await late
  expect(show.mock.calls).toEqual([['new']])
})
