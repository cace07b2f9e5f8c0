import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { Change } from '../cache.ts'
import type { PolicyOf } from '../policy.ts'
import type { InstanceRow } from '../store.ts'
import { POLICIES } from '../testing/policies.ts'
import { createAdmission } from './admission.ts'

const HOUR_MS = 3_600_000

interface SetUp {
  room: number
  rows?: InstanceRow[]
  policyOf?: PolicyOf
}

/** A machine with room for `room` starts above the reserve, and instances as the test says. */
function setUp({ room, rows = [], policyOf = POLICIES.policyOf }: SetUp) {
  const time = { now: Date.now(), monotonic: 1_000 }
  const clock = { ...systemClock, now: () => time.now, monotonic: () => time.monotonic }
  const known = new Map(rows.map((row) => [row.id, row]))
  const listeners: ((change: Change) => void)[] = []
  const onChange = (listener: (change: Change) => void) => {
    listeners.push(listener)
    return () => undefined
  }
  const evictions: { count: number; done: () => void }[] = []
  const admission = createAdmission({
    memory: { availableBytes: async () => 1 + room, unknownBecause: null },
    reserveBytes: 1,
    policyOf,
    cache: { all: () => known.values(), onChange },
    makeRoom: (count) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      evictions.push({ count, done: resolve })
      return promise
    },
    clock,
    log: pino({ level: 'silent' }),
  })
  const change = (row: InstanceRow) => {
    known.set(row.id, row)
    for (const listener of listeners) listener({ row, removed: false, added: false })
  }
  return { admission, time, evictions, change }
}

/** What admission reads of a row. */
const rowOf = (seen: Partial<InstanceRow>) =>
  ({
    id: newId('ins', systemClock),
    plan: 'standard',
    observed: 'stopped',
    desired: 'awake',
    closingAt: null,
    ...seen,
  }) as InstanceRow

it('counts what it admitted for as long as a start takes its memory, also when the clock is set back', async () => {
  const { admission, time } = setUp({ room: 1 })
  expect(await admission.admit(rowOf({}), false)).toBe(true)
  expect(await admission.hasRoom()).toBe(false)
  time.now -= HOUR_MS
  time.monotonic += 5_001
  expect(await admission.hasRoom()).toBe(true)
})

it('counts what began to run a moment ago, by its own clock', async () => {
  // By the clock of a database that is an hour ahead.
  const observedAt = new Date(Date.now() + HOUR_MS)
  const long = rowOf({ observed: 'running', observedAt })
  const begun = rowOf({ observed: 'starting', observedAt })
  const { admission, time, change } = setUp({ room: 1, rows: [long, begun] })
  expect(await admission.hasRoom()).toBe(false)
  change({ ...begun, observed: 'running' })
  time.monotonic += 4_999
  change({ ...begun, observed: 'running', version: 9 })
  expect(await admission.hasRoom()).toBe(false)
  time.monotonic += 2
  expect(await admission.hasRoom()).toBe(true)
})

it('takes each instance to need what its own policy promises it', async () => {
  const [small, large] = [rowOf({}), rowOf({ observed: 'starting' })]
  const usual = POLICIES.policyOf(small)
  const promised = { ...usual, limits: { ...usual.limits, memoryReservationBytes: 5 } }
  const policyOf: PolicyOf = (row) => (row === large ? promised : usual)
  const { admission } = setUp({ room: 6, rows: [large], policyOf })
  expect(await admission.admit(small, false)).toBe(true)
  expect(await admission.hasRoom()).toBe(false)
  const { admission: full } = setUp({ room: 5, rows: [large], policyOf })
  expect(await full.admit(small, false)).toBe(false)
  expect(await full.admit(large, false)).toBe(true)
})
