import { describe, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { hintOf, isToken, newToken } from './format.ts'

const fixed = newToken((bytes) => new Uint8Array(bytes).fill(7))

describe('a token', () => {
  it('has a prefix, 256 bits and a checksum that scanners can compute', () => {
    expect(fixed).toBe('mos_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc1hky6g')
    expect(newToken(systemClock.random)).toMatch(/^mos_[\w-]{49}$/)
    expect(newToken(systemClock.random)).not.toBe(newToken(systemClock.random))
  })

  it('shows no more of itself than four characters', () => {
    expect(hintOf(fixed)).toBe('mos_BwcH')
  })
})

describe('its form', () => {
  it('is right for every token made here', () => {
    for (let i = 0; i < 200; i++) expect(isToken(newToken(systemClock.random))).toBe(true)
  })

  it.each([
    ['one character changed', fixed.replace('Bwc', 'Bwd')],
    ['cut off', fixed.slice(0, -1)],
    ['something after it', `${fixed}A`],
    ['another prefix', fixed.replace('mos_', 'ghp_')],
    ['nothing', ''],
  ])('is wrong with %s', (_what, text) => {
    expect(isToken(text)).toBe(false)
  })
})
