import { expect, it } from 'vitest'
import { recoverySheet } from './recovery-sheet.ts'

it('holds every code, and says whose they are, from when, and where they are used', () => {
  const codes = Array.from({ length: 10 }, (_, at) => `code-${at}`)
  const site = 'https://app.example.com'
  const text = recoverySheet({ handle: 'ada', site, codes, createdAt: '2026-01-02T03:04:05.000Z' })
  expect(text.split('\n')).toHaveLength(14)
  for (const part of [...codes, 'ada', '2026-01-02', `${site}/recover`]) expect(text).toContain(part)
})
