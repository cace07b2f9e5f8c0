import { expect, it } from 'vitest'
import { idSchema, newId } from './ids.ts'

const random = (bytes: number) => new Uint8Array(bytes).fill(255)

it('makes ids that sort by time and pass their own schema', () => {
  const early = newId('usr', { now: () => 1, random })
  const late = newId('usr', { now: () => 2_000_000_000_000, random })
  expect(early < late).toBe(true)
  expect(idSchema('usr').parse(early)).toBe(early)
  expect(early).toHaveLength(30)
})

it('refuses other prefixes and lengths', () => {
  expect(idSchema('ses').safeParse(newId('usr', { now: () => 1, random })).success).toBe(false)
  expect(idSchema('usr').safeParse('usr_short').success).toBe(false)
})
