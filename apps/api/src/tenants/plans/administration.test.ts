import { FIRST_PLAN, newId, type PlanTerms } from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import type { Caller } from '../../access/principal.ts'
import { createAudit } from '../../audit/store.ts'
import { systemClock } from '../../clock.ts'
import { createNotifications } from '../../db/notifications.ts'
import { auditLog, instances, plans } from '../../db/schema/index.ts'
import { openSleepers } from '../idle/testing/sleepers.ts'
import type { InstanceRow } from '../store.ts'
import { createPlanAdministration } from './administration.ts'
import { createLivePlans } from './live.ts'
import { createPlanStore } from './store.ts'
import { DEFAULTS } from './testing/defaults.ts'

const MIB = 1_048_576
const log = pino({ level: 'silent' })
const admin: Caller = {
  principal: {
    ...{ how: 'session', userId: newId('usr', systemClock), handle: 'root', role: 'admin', scopes: [] },
    ...{ provedAt: null, sessionId: newId('ses', systemClock) },
  },
  request: { address: '192.0.2.1' },
}

/** Entries of the tests before: nothing ever deletes one. */
let begun = 0
let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(async () => {
  await sleepers.empty()
  await sleepers.database.db.delete(plans)
  begun = await sleepers.database.db.$count(auditLog)
})

/** One api process. */
async function subject() {
  const { database } = sleepers
  const store = createPlanStore(database)
  const notifications = createNotifications({ database, processId: newId('ses', systemClock), log })
  const live = await createLivePlans({ store, defaults: DEFAULTS, notifications, log })
  onTestFinished(() => live.close())
  const published: InstanceRow[] = []
  const noted: [id: string, kind: string][] = []
  const plans = createPlanAdministration({
    ...{ db: database.db, store, live, defaults: DEFAULTS, notifications, clock: systemClock },
    enforced: () => ({ disk: false, inodes: false, bandwidth: true }),
    audit: createAudit({ db: database.db, clock: systemClock }),
    runtime: { ociRuntimes: async () => ['runc'] },
    publish: (row) => void published.push(row),
    note: (id, kind) => void noted.push([id, kind]),
  })
  const save = (key: string, terms: PlanTerms, isNew = true) =>
    plans.save(admin, { key, title: key.toUpperCase(), terms, isNew })
  return { ...plans, save, published, noted, policies: live.policies }
}

const audited = async () =>
  (await sleepers.database.db.select().from(auditLog).orderBy(auditLog.id).offset(begun)).map(
    ({ action, target, detail }) => ({ action, target, detail }),
  )

it('has a first plan that gives what the server’s settings say', async () => {
  const { list, policies } = await subject()
  const { plans, defaults, enforced } = await list()
  expect(enforced).toEqual({ disk: false, inodes: false, bandwidth: true })
  expect(defaults).toEqual(DEFAULTS)
  expect(plans).toMatchObject([{ key: FIRST_PLAN, terms: {}, limits: DEFAULTS, people: 0, updatedBy: null }])
  expect(policies.policyOf({ plan: FIRST_PLAN }).limits.pids).toBe(DEFAULTS.pids)
})

it('counts a change at once, in this process and in another', async () => {
  const [one, other] = [await subject(), await subject()]
  await one.save('large', { memoryBytes: 2048 * MIB, idleS: { paused: null, asleep: null } })
  const policy = one.policies.policyOf({ plan: 'large' })
  expect(policy.limits).toMatchObject({ memoryBytes: 2048 * MIB, pids: DEFAULTS.pids })
  expect(policy).toMatchObject({ title: 'LARGE', idleMs: { paused: null, asleep: null }, roomIdleMs: null })
  expect(one.policies.descents.some(({ plan }) => plan === 'large')).toBe(false)
  await expect.poll(() => other.policies.policyOf({ plan: 'large' })).toEqual(policy)
})

it('writes down who changed what, and from what', async () => {
  const { save } = await subject()
  await save('large', { pids: 300 })
  await save('large', { pids: 400 }, false)
  expect(await audited()).toEqual([
    { action: 'plan_saved', target: 'large', detail: { from: null, to: { title: 'LARGE', pids: 300 } } },
    {
      ...{ action: 'plan_saved', target: 'large' },
      detail: { from: { title: 'LARGE', pids: 300 }, to: { title: 'LARGE', pids: 400 } },
    },
  ])
})

it('makes no plan twice, and changes none that is not there', async () => {
  const { save } = await subject()
  await expect(save(FIRST_PLAN, {})).rejects.toMatchObject({ code: 'conflict' })
  await expect(save('large', {}, false)).rejects.toMatchObject({ code: 'not_found' })
  expect(await audited()).toEqual([])
})

it('refuses what cannot be kept', async () => {
  const { save } = await subject()
  const tooMuch = save('large', { memoryReservationBytes: DEFAULTS.memoryBytes + 1 })
  await expect(tooMuch).rejects.toMatchObject({ code: 'invalid_input' })
  expect(await audited()).toEqual([])
})

it('puts somebody on a plan, tells the others of it, and writes it down once', async () => {
  const { save, assign, list, published } = await subject()
  const row = await sleepers.instance()
  await save('large', {})
  await assign(admin, { userId: row.userId, plan: 'large' })
  await assign(admin, { userId: row.userId, plan: 'large' })
  expect(published).toMatchObject([{ id: row.id, plan: 'large', version: row.version + 1 }])
  expect((await list()).plans.map(({ key, people }) => [key, people])).toEqual([
    ['large', 1],
    [FIRST_PLAN, 0],
  ])
  expect((await audited()).filter(({ action }) => action === 'plan_assigned')).toEqual([
    {
      ...{ action: 'plan_assigned', target: row.userId },
      detail: { handle: row.handle, from: FIRST_PLAN, to: 'large' },
    },
  ])
  const unknown = assign(admin, { userId: row.userId, plan: 'gone' })
  await expect(unknown).rejects.toMatchObject({ code: 'not_found' })
})

it('lets go of what is held to its share, tells the others of it, and writes it down once', async () => {
  const { liftThrottle, published, noted } = await subject()
  const row = await sleepers.instance(0, { throttledAt: new Date() })
  await liftThrottle(admin, row.userId)
  await liftThrottle(admin, row.userId)
  expect(published).toMatchObject([{ id: row.id, throttledAt: null, version: row.version + 1 }])
  expect(noted).toEqual([[row.id, 'unthrottled']])
  expect(await audited()).toEqual([
    { action: 'throttle_lifted', target: row.userId, detail: { handle: row.handle } },
  ])
  const nobody = liftThrottle(admin, newId('usr', systemClock))
  await expect(nobody).rejects.toMatchObject({ code: 'not_found' })
})

it('offers only what the server can run computers with', async () => {
  const { save, list, policies } = await subject()
  await expect(save('walled', { ociRuntime: 'runsc' })).rejects.toMatchObject({ code: 'invalid_input' })
  expect((await list()).ociRuntimes).toEqual(['runc'])
  await save('open', { ociRuntime: 'runc' })
  expect(policies.policyOf({ plan: 'open' }).ociRuntime).toBe('runc')
})

it('removes no plan that somebody is on, nor the first one', async () => {
  const { save, assign, remove, list, policies } = await subject()
  const row = await sleepers.instance()
  await save('large', { pids: 999 })
  await assign(admin, { userId: row.userId, plan: 'large' })
  await expect(remove(admin, 'large')).rejects.toMatchObject({ code: 'conflict' })
  await expect(remove(admin, FIRST_PLAN)).rejects.toMatchObject({ code: 'conflict' })
  await assign(admin, { userId: row.userId, plan: FIRST_PLAN })
  await remove(admin, 'large')
  expect((await list()).plans.map(({ key }) => key)).toEqual([FIRST_PLAN])
  expect(policies.policyOf({ plan: 'large' })).toEqual(policies.policyOf({ plan: FIRST_PLAN }))
})

it('takes what a later version wrote for the server’s settings', async () => {
  const { db } = sleepers.database
  const written = { key: 'later', title: 'Later', terms: { pids: 'many' } as object }
  await db.insert(plans).values(written)
  const { policies } = await subject()
  expect(policies.policyOf({ plan: 'later' })).toMatchObject({
    title: 'Later',
    limits: { pids: DEFAULTS.pids },
  })
  expect(await db.$count(instances, eq(instances.plan, 'later'))).toBe(0)
})
