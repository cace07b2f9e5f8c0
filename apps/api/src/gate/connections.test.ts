import type { InstanceId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { createConnectionLimit } from './connections.ts'

const id = 'ins_1' as InstanceId

/** A limit of 4 WebSockets and 10 requests in all, with an edge that reports what the test says. */
function rig() {
  let now = 1_000_000
  let counts = 0
  let reportedAt = 0
  const usage = { inFlight: (of: InstanceId) => (of === id ? counts : 0), reportedAt: () => reportedAt }
  const clock = { ...systemClock, monotonic: () => now }
  const limit = createConnectionLimit({ usage, clock, mostWebSockets: 4, mostInFlight: 10 })
  return {
    pass: (ms: number) => {
      now += ms
    },
    report: (inFlight: number) => {
      counts = inFlight
      reportedAt = now
    },
    /** How many of `count` WebSockets are let in. */
    open(count: number, to = id, role: 'owner' | 'viewer' = 'owner'): number {
      let open = 0
      for (let i = 0; i < count; i++) {
        try {
          limit.take(to, true, role)
          open++
        } catch (error) {
          expect(error).toMatchObject({ code: 'too_many_requests', retryAfterS: 3 })
        }
      }
      return open
    },
    visit: (role: 'owner' | 'viewer' = 'owner') => limit.take(id, false, role),
  }
}

it('lets no burst between two reports slip through', () => {
  const { open } = rig()
  expect(open(9)).toBe(4)
  expect(open(1, 'ins_2' as InstanceId)).toBe(1)
})

it('goes by the reported counts once they hold what was let in', () => {
  const { open, pass, report } = rig()
  open(4)
  pass(2_000)
  report(4)
  expect(open(1)).toBe(0)
  pass(2_000)
  report(1)
  expect(open(9)).toBe(3)
})

it('adds what was let in too shortly before a report to be in it', () => {
  const { open, pass, report } = rig()
  pass(2_000)
  open(4)
  pass(100)
  report(0)
  expect(open(1)).toBe(0)
  pass(2_000)
  report(0)
  expect(open(1)).toBe(1)
})

it('forgets what it let in when no report comes at all', () => {
  const { open, pass } = rig()
  open(4)
  pass(31_000)
  expect(open(9)).toBe(4)
})

it('refuses plain requests only when far more is in flight', () => {
  const { visit, report } = rig()
  report(9)
  expect(visit).not.toThrow()
  report(10)
  expect(visit).toThrow(/too many requests/)
})

it('keeps half of both for the owner, whatever viewers open', () => {
  const { open, visit, report } = rig()
  expect(open(9, id, 'viewer')).toBe(2)
  expect(open(9)).toBe(2)
  report(5)
  expect(() => visit('viewer')).toThrow(/too many requests/)
  expect(() => visit()).not.toThrow()
})
