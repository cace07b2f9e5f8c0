import { expect, test } from 'vitest'
import { FIRST_START_MS, pacedStep } from './paced.ts'

test('a start that is over at once is still shown step by step', () => {
  const seen = [0, 300, 600, 900, 1200, 1499, FIRST_START_MS].map((elapsed) => pacedStep('ready', elapsed))
  expect(seen).toEqual(['queued', 'home', 'container', 'start', 'health', 'health', 'ready'])
})

test('a slow start is never ahead of the truth, nor behind it later on', () => {
  expect(pacedStep('home', 900)).toBe('home')
  expect(pacedStep('health', 60_000)).toBe('health')
})
