// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { isReached } from './frame.tsx'

const HERE = { type: 'mos-app-here' }
const ORIGIN = 'https://game--alice.example.org'

test('hears of an app from its own frame, at its own origin, and from nobody else', () => {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  const other = document.createElement('iframe')
  document.body.append(other)
  const source = frame.contentWindow
  expect(isReached({ source, origin: ORIGIN, data: HERE }, frame, ORIGIN)).toBe(true)
  for (const message of [
    { source: other.contentWindow, origin: ORIGIN, data: HERE },
    { source: window, origin: ORIGIN, data: HERE },
    { source, origin: 'https://other--alice.example.org', data: HERE },
    { source, origin: 'null', data: HERE },
    { source, origin: ORIGIN, data: { type: 'open' } },
    { source, origin: ORIGIN, data: null },
  ]) {
    expect(isReached(message, frame, ORIGIN), JSON.stringify(message.data)).toBe(false)
  }
  expect(isReached({ source: null, origin: ORIGIN, data: HERE }, null, ORIGIN)).toBe(false)
})
