import { expect, test, vi } from 'vitest'
import { createSoulPanel, soulText } from './soul-panel.ts'

test.each([
  ['# Soul\n\nHello.\n', 'Hello.'],
  ['Hello.', 'Hello.'],
  ['# Hello\n', '# Hello'],
])('the soul %o is shown as %o', (soul, expected) => {
  expect(soulText(soul)).toBe(expected)
})

test.each([null, '', ' \n'])('of the soul %o it is said that there is none', (soul) => {
  expect(soulText(soul)).toContain('No soul yet')
})

test('a changed soul is shown, the same one is left alone, and no answer changes nothing', async () => {
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

test('an answer that is late does not replace a newer one', async () => {
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
