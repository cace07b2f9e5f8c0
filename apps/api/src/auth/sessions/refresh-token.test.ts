import { newId } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import { GRACE_MS, issue, judge, parse } from './refresh-token.ts'

const key = new Uint8Array(32).fill(1)
const sid = newId('ses', { now: () => 1_700_000_000_000, random: (n) => new Uint8Array(n).fill(5) })

describe('tokens', () => {
  it('say their session and number', () => {
    expect(parse(key, issue(key, sid, 0))).toEqual({ sid, n: 0 })
    expect(parse(key, issue(key, sid, 41))).toEqual({ sid, n: 41 })
  })

  it('are the same for everyone who asks: the successor is never stored', () => {
    expect(issue(key, sid, 7)).toBe(issue(key, sid, 7))
    expect(issue(key, sid, 7)).not.toBe(issue(key, sid, 8))
  })

  it('are nothing under another key, or with any part changed', () => {
    const token = issue(key, sid, 3)
    const [, , mac = ''] = token.split('.')
    const otherSid = newId('ses', { now: () => 1, random: (n) => new Uint8Array(n) })
    const changed = [
      '',
      token.slice(0, -1),
      `${token}A`,
      `${sid}.4.${mac}`,
      `${sid}.03.${mac}`,
      `${sid}.-3.${mac}`,
      `${sid}.9999999999.${mac}`,
      `${otherSid}.3.${mac}`,
      `${sid}.3.${'A'.repeat(43)}`,
      `usr${sid.slice(3)}.3.${mac}`,
    ]
    expect(parse(new Uint8Array(32).fill(2), token)).toBeNull()
    for (const text of changed) expect(parse(key, text)).toBeNull()
  })
})

describe('judge', () => {
  const rotatedAt = 1_000_000
  it.each([
    ['the current token', 5, 0, 'rotate'],
    ['the current token, much later', 5, 1e9, 'rotate'],
    ['its predecessor at once', 4, 0, 'same-successor'],
    ['its predecessor at the end of the grace', 4, GRACE_MS, 'same-successor'],
    ['its predecessor after the grace', 4, GRACE_MS + 1, 'reuse'],
    ['an older one', 3, 0, 'reuse'],
    ['one that was never issued', 6, 0, 'reuse'],
  ])('%s', (_, n, later, verdict) => {
    expect(judge({ n, current: 5, rotatedAt, now: rotatedAt + later })).toBe(verdict)
  })
})
