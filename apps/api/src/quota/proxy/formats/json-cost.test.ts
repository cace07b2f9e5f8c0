import { expect, test } from 'vitest'
import { costOfParsing } from './json-cost.ts'

const cost = (json: string, most = 1_000) => costOfParsing(Buffer.from(json), most)

test.each([
  ['{}', 1],
  ['{"a":1}', 1],
  ['{"a":[1,2,{"b":null}]}', 5],
  ['{"a":"[{,"}', 1],
  ['{"a":"\\"[,,"}', 1],
  ['{"a":"\\\\",",":"\\\\\\"{"}', 2],
  // Not valid, and counted all the same.
  ['[[[', 3],
  [',"never ends, {', 1],
  ['', 0],
])('counts the values of %s, and nothing in its strings', (json, values) => {
  expect(cost(json, values)).not.toBe(null)
  if (values > 0) expect(cost(json, values - 1)).toBe(null)
})

test('takes values for much, quotes in strings for little, and other bytes of strings for what they are', () => {
  const text = (piece: string, times: number) => cost(`{"a":"${piece.repeat(times)}"}`) ?? 0
  expect(text('x', 1_000_000)).toBeLessThan(1_001_000)
  expect(text('\\"', 1_000)).toBeGreaterThan(text('\\\\', 1_000) + 10_000)
  expect(cost(`[${'1,'.repeat(999)}1]`)).toBeGreaterThan(400_000)
})
