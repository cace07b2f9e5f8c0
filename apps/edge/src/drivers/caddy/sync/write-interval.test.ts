import { expect, it } from 'vitest'
import { writeIntervalMs } from './write-interval.ts'

const MB = 1_048_576
const at = (generations: number) => writeIntervalMs({ routes: 10_000, generations, budgetBytes: 256 * MB })

it('is short while little is held', () => {
  expect(at(0)).toBe(250)
  expect(at(8)).toBe(250)
})

it('grows with what is held, up to an hour', () => {
  expect(at(12)).toBeGreaterThan(1000)
  expect(at(12)).toBeLessThan(at(14))
  expect(at(100)).toBe(3_600_000)
})

it('keeps a day of changes for ever-open streams within a small multiple of the budget', () => {
  let written = 0
  for (let ms = 0; ms < 86_400_000; written++) ms += at(written)
  expect(written * 16).toBeLessThan(3 * 256)
})

it('counts what each holds besides its routes: a hundred people who came one after the other held 80 MB of a few routes', () => {
  let [written, heldBytes] = [0, 0]
  for (let ms = 0; ms < 600_000; written++, heldBytes += 550_000 + written * 1600)
    ms += writeIntervalMs({ routes: written, generations: written, budgetBytes: 64 * MB })
  expect(heldBytes).toBeLessThan(64 * MB)
})
