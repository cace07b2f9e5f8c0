import { expect, test } from 'vitest'
import { FIRST_START_MS, pacedStep } from './paced.ts'

test('shows an instant start step by step', () => {
  const seen = [0, 300, 600, 900, 1200, 1499, FIRST_START_MS].map((elapsed) => pacedStep('ready', elapsed))
  expect(seen).toEqual(['queued', 'home', 'container', 'start', 'health', 'health', 'ready'])
})

test('never runs ahead of a slow start, nor falls behind it later', () => {
  expect(pacedStep('home', 900)).toBe('home')
  expect(pacedStep('health', 60_000)).toBe('health')
})
