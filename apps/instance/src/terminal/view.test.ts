import { expect, test } from 'vitest'
import { ACKNOWLEDGE_EVERY_BYTES } from './protocol.ts'
import { createView } from './view.ts'

test('sends much in pieces that a page can acknowledge one by one, however slow its link is', () => {
  const pieces: Uint8Array[] = []
  const view = createView(
    {
      bytes: (bytes) => void pieces.push(bytes),
      attached: () => undefined,
      size: () => undefined,
      failed: () => undefined,
      drop: () => undefined,
    },
    () => 0,
  )
  const screen = Buffer.from('0123456789'.repeat(100_000))
  view.begin(() => view.deliver(screen))
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(ACKNOWLEDGE_EVERY_BYTES)
  expect(Buffer.concat(pieces).equals(screen)).toBe(true)
  expect(view.unshown).toBe(screen.length)
})
