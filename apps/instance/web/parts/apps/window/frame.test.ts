// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { isReached } from './frame.tsx'

const HERE = { type: 'mos-app-here' }
const ORIGIN = 'https://game--alice.example.org'

test('hears of an app from its own frame, at its own origin, and from nobody else', () => {
  const frame = { contentWindow: window }
  const source = window
  const { port1: another } = new MessageChannel()
  expect(isReached({ source, origin: ORIGIN, data: HERE }, frame, ORIGIN)).toBe(true)
  for (const [whose, message] of Object.entries({
    another: { source: another, origin: ORIGIN, data: HERE },
    nobody: { source: null, origin: ORIGIN, data: HERE },
    elsewhere: { source, origin: 'https://other--alice.example.org', data: HERE },
    hidden: { source, origin: 'null', data: HERE },
    other: { source, origin: ORIGIN, data: { type: 'open' } },
    empty: { source, origin: ORIGIN, data: null },
  })) {
    expect(isReached(message, frame, ORIGIN), whose).toBe(false)
  }
  expect(isReached({ source: null, origin: ORIGIN, data: HERE }, { contentWindow: null }, ORIGIN)).toBe(false)
  expect(isReached({ source, origin: ORIGIN, data: HERE }, null, ORIGIN)).toBe(false)
})
