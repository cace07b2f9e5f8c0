import { expect, test } from 'vitest'
import { greetingAt } from './home.tsx'
import { aboutOf, offered } from './parts.ts'
import { OWNER } from './testing.ts'

test.each([
  [4, 'evening'],
  [5, 'morning'],
  [11, 'morning'],
  [12, 'afternoon'],
  [17, 'afternoon'],
  [18, 'evening'],
])('greets at %i by “Good %s”', (hour, part) => {
  expect(greetingAt(new Date(2025, 0, 1, hour))).toBe(`Good ${part}`)
})

test('promises a guest nothing that is the owner’s', () => {
  const guest = { ...OWNER, viewer: { handle: 'bob', canUseNotes: false } }
  const words = offered(guest).map((part) => aboutOf(part, guest))
  expect(words.length).toBeGreaterThan(2)
  expect(words.join(' ')).not.toMatch(/your|saved|bring in/i)
  expect(offered(OWNER).map((part) => aboutOf(part, OWNER))).toContain(
    'Write anything. It is saved as you type.',
  )
})
