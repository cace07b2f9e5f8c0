import { expect, test } from 'vitest'
import { messageOf } from './finished.ts'

const run = { session: 'a1', program: 'make', place: '~/project', ranMs: 12_400 }

test.each([
  [12_400, '12 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [90_000, '2 min'],
  [3_599_000, '1 h 0 min'],
  [3_600_000, '1 h 0 min'],
  [7_380_000, '2 h 3 min'],
])('says what ended where, and after how long: %i ms', (ranMs, time) => {
  const { title, body } = messageOf('alice', { ...run, ranMs })
  expect(title).toBe('alice’s computer')
  expect(body).toBe(`make ended after ${time}, in ~/project.`)
})

test('shortens a long path at its beginning, and tells terminals apart', () => {
  const { body, tag } = messageOf('alice', { ...run, place: `~/${'deep/'.repeat(40)}end` })
  expect(body.length).toBeLessThan(100)
  expect(body).toMatch(/, in ….*deep\/end\.$/)
  expect(tag).not.toBe(messageOf('alice', { ...run, session: 'a2' }).tag)
})
