import { expect, it } from 'vitest'
import { isDenylist, readDenylist } from './denylist.ts'

const HASH = 'ab'.repeat(32)

it('reads names, patterns and hashes', () => {
  const { names, patterns, hashes } = readDenylist(` Miner  /mine\\s+fast/\nsha256:${HASH.toUpperCase()} `)
  expect([[...names], [...hashes]]).toEqual([['miner'], [HASH]])
  expect(patterns.map((one) => one.test('go MINE  fast'))).toEqual([true])
})

it('knows miners where nothing is said, none where it is off, and more where that is said', () => {
  expect(readDenylist().names.has('xmrig')).toBe(true)
  expect(readDenylist('off')).toEqual({ names: new Set(), patterns: [], hashes: new Set() })
  const more = readDenylist('default corpminer')
  expect([more.names.has('xmrig'), more.names.has('corpminer')]).toEqual([true, true])
})

it.each(['a/b', '/(/', 'sha256:12', '-x'])('refuses %s', (word) => {
  expect(isDenylist(word)).toBe(false)
})
