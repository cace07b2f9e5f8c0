/** The tier between awake and asleep: paused first, then stopped, and first of all where memory is short. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createPolicies } from '../policy.ts'
import { POLICIES } from '../testing/policies.ts'
import { openSleepers } from './testing/sleepers.ts'

const policy = POLICIES.policyOf({ plan: 'standard' })
const POLICY = createPolicies({
  standard: { ...policy, idleMs: { paused: 10_000, asleep: 60_000, archived: null } },
})

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(() => sleepers.empty())

it('pauses what was unused for a while, and stops what was for long', async () => {
  const [fresh, idle, long] = [
    await sleepers.instance(5_000),
    await sleepers.instance(20_000),
    await sleepers.instance(70_000, { desired: 'paused', observed: 'paused' }),
  ]
  const one = await sleepers.process('one', POLICY)
  one.quiet()
  await one.sweep()
  expect([await sleepers.desired(fresh), await sleepers.desired(idle), await sleepers.desired(long)]).toEqual(
    ['awake', 'paused', 'asleep'],
  )
})

it('makes room with what is paused before anything that runs, however long that has been idle', async () => {
  const [runs, paused] = [
    await sleepers.instance(50_000),
    await sleepers.instance(30_000, { desired: 'paused', observed: 'paused' }),
  ]
  const one = await sleepers.process('one', POLICY)
  one.quiet()
  await one.makeRoom(1)
  expect([await sleepers.desired(runs), await sleepers.desired(paused)]).toEqual(['awake', 'asleep'])
  await one.makeRoom(1)
  expect(await sleepers.desired(runs)).toBe('asleep')
})
