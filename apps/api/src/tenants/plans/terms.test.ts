import { expect, it } from 'vitest'
import { contradictionIn, limitsWith, policyFrom } from './terms.ts'
import { DEFAULTS } from './testing/defaults.ts'

it('follows the server’s settings where a plan says nothing, tier by tier', () => {
  const limits = limitsWith(DEFAULTS, { pids: 9, idleS: { asleep: 3600 } })
  expect(limits).toEqual({ ...DEFAULTS, pids: 9, idleS: { paused: 300, asleep: 3600 } })
  expect(policyFrom('Own', limits)).toMatchObject({
    ...{ title: 'Own', idleMs: { paused: 300_000, asleep: 3_600_000 }, roomIdleMs: 15_000 },
    storage: { diskBytes: DEFAULTS.diskBytes },
  })
})

it('pauses nothing that is to be stopped by then, and keeps paused what is never stopped', () => {
  expect(limitsWith(DEFAULTS, { idleS: { asleep: 120 } }).idleS).toEqual({ paused: null, asleep: 120 })
  const kept = limitsWith(DEFAULTS, { idleS: { asleep: null } })
  expect(kept.idleS).toEqual({ paused: 300, asleep: null })
  expect(policyFrom('Kept', kept).roomIdleMs).toBe(15_000)
  const always = policyFrom('Always', limitsWith(DEFAULTS, { idleS: { paused: null, asleep: null } }))
  expect(always.roomIdleMs).toBeNull()
})

it('packs away nothing that is never stopped, unless the plan says so', () => {
  const defaults = { ...DEFAULTS, idleS: { ...DEFAULTS.idleS, archived: 9_000 } }
  expect(limitsWith(defaults, {}).idleS.archived).toBe(9_000)
  expect(limitsWith(defaults, { idleS: { asleep: null } }).idleS.archived).toBe(null)
  expect(limitsWith(defaults, { idleS: { asleep: null, archived: 9_000 } }).idleS.archived).toBe(9_000)
})

it('keeps no more memory for a computer than it may have', () => {
  expect(contradictionIn(DEFAULTS)).toBeNull()
  const limits = { ...DEFAULTS, memoryBytes: DEFAULTS.memoryReservationBytes - 1 }
  expect(contradictionIn(limits)).toMatch(/memory/)
})
