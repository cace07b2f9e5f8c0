import { expect, it } from 'vitest'
import type { FirewallState } from '../../../../ports/runtime.ts'
import { type Findings, failureOf, isProvenClosed, reportOf, worstOf } from './judge.ts'

const BY_API: FirewallState = { by: 'api', why: null }
const BY_NOBODY: FirewallState = { by: 'nobody', why: 'off' }
const GOOD: Findings = {
  neighbourReached: false,
  hostReached: false,
  isMetadataClosed: true,
  servicesReached: true,
}
const judge = (findings: Partial<Findings>, firewall = BY_API) => {
  const report = reportOf({ ...GOOD, ...findings })
  return { failure: failureOf(report, firewall), isProven: isProvenClosed(report, firewall) }
}

it('finds nothing wrong where nothing was reached', () => {
  expect(judge({})).toEqual({ failure: null, isProven: true })
  expect(judge({ servicesReached: false })).toEqual({ failure: null, isProven: true })
})

it('fails where a neighbour, this machine or the metadata range is open', () => {
  expect(judge({ neighbourReached: true }).failure).toMatch('br_netfilter')
  expect(judge({ hostReached: true }).failure).toMatch('a port of this machine')
  expect(judge({ isMetadataClosed: false }).failure).toMatch('169.254.0.0/16')
})

it('does not fail for what nobody said was closed, but for a neighbour', () => {
  expect(judge({ hostReached: true, isMetadataClosed: null }, BY_NOBODY)).toEqual({
    failure: null,
    isProven: true,
  })
  expect(judge({ neighbourReached: true }, BY_NOBODY).failure).not.toBeNull()
})

it('takes what could not be tried for no proof', () => {
  expect(judge({ neighbourReached: null })).toEqual({ failure: null, isProven: false })
})

it('takes what is open on one bridge for open, and what is unknown on one for unknown', () => {
  const one = (findings: Partial<Findings>) => worstOf([GOOD, { ...GOOD, ...findings }, GOOD])
  expect(one({})).toEqual(GOOD)
  expect(one({ neighbourReached: true })).toEqual({ ...GOOD, neighbourReached: true })
  expect(one({ hostReached: null })).toEqual({ ...GOOD, hostReached: null })
  expect(one({ isMetadataClosed: false })).toEqual({ ...GOOD, isMetadataClosed: false })
  expect(one({ servicesReached: false })).toEqual({ ...GOOD, servicesReached: false })
  expect(worstOf([]).neighbourReached).toBeNull()
})
