import { parseUsd } from '@matrixos/shared'
import { expect, it } from 'vitest'
import type { Allowance } from '../../ports/ledger.ts'
import { nextMonth, standingOf } from './standing.ts'
import type { CreditAccount } from './store.ts'

const NOW = new Date('2026-12-15T12:00:00Z')
const once: Allowance = { credits: parseUsd('5'), period: 'once', callsAtOnce: 5, callsPerMinute: 60 }
const monthly: Allowance = { ...once, period: 'month' }
const account: CreditAccount = {
  ...{ userId: 'usr_ada', credits: null, callsAtOnce: null, callsPerMinute: null },
  ...{ granted: parseUsd('2'), spent: parseUsd('3'), held: parseUsd('1'), live: 1 },
  ...{ periodStartsAt: NOW, periodEndsAt: null, minuteStartsAt: NOW, minuteCalls: 0 },
  ...{ alertRound: 4, dismissed: [] },
}

it('is the plan’s before the first call', () => {
  expect(standingOf(null, once, NOW)).toEqual({
    ...{ limit: parseUsd('5'), spent: 0n, held: 0n, remaining: parseUsd('5'), granted: 0n },
    ...{ periodEndsAt: null, callsAtOnce: 5, callsPerMinute: 60, alertRound: 0, isOver: false },
  })
})

it('adds what was granted, and takes off what calls in flight may cost', () => {
  const { limit, remaining, alertRound } = standingOf(account, once, NOW)
  expect([limit, remaining, alertRound]).toEqual([parseUsd('7'), parseUsd('3'), 4])
})

it('puts what an administrator set before the plan, also nothing at all', () => {
  const set = { ...account, credits: 0n, callsAtOnce: 0, callsPerMinute: 1 }
  expect(standingOf(set, once, NOW)).toMatchObject({
    ...{ limit: parseUsd('2'), remaining: 0n, callsAtOnce: 0, callsPerMinute: 1 },
  })
})

it('begins anew when its month is over, though no call has noticed yet', () => {
  const periodStartsAt = new Date('2026-11-01T00:00:00Z')
  const spent = parseUsd('5.50')
  expect(standingOf({ ...account, spent, periodStartsAt }, monthly, NOW)).toMatchObject({
    ...{ spent: 0n, held: parseUsd('1'), granted: parseUsd('1.50'), limit: parseUsd('6.50') },
    ...{ remaining: parseUsd('5.50'), alertRound: 5, isOver: true },
    periodEndsAt: new Date('2027-01-01T00:00:00Z'),
  })
  expect(standingOf(account, monthly, NOW)).toMatchObject({ spent: parseUsd('3'), isOver: false })
  expect(standingOf({ ...account, periodStartsAt }, once, NOW).spent).toBe(parseUsd('3'))
})

it('knows when a month ends', () => {
  expect(nextMonth(new Date('2026-01-31T23:59:59.999Z'))).toEqual(new Date('2026-02-01T00:00:00Z'))
})
