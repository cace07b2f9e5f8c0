import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { createAccountStore } from '../../auth/accounts/store.ts'
import { systemClock } from '../../clock.ts'
import { instances, users } from '../../db/schema/index.ts'
import { silentNotifications } from '../../db/testing/silent-notifications.ts'
import { createLocalHomes } from '../../drivers/home-store/local/index.ts'
import { AppError } from '../../errors.ts'
import { createInstanceCache } from '../cache.ts'
import { openSleepers } from '../idle/testing/sleepers.ts'
import { createTenantStore, type InstanceRow } from '../store.ts'
import { createLanes } from './lanes.ts'
import { createReconciler, type ReconcilerOptions } from './reconciler.ts'
import { createInstanceSteps, type InstanceSteps, takeSteps } from './steps.ts'

const log = pino({ level: 'silent' })
const NAMES = ['first', 'second', 'third']
const ACTIONS = ['create', 'remove'] as const

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())

class Killed extends Error {}

/** Steps that write down that they ran, of a process that is killed after so many of them. */
function stepsOf(ran: string[], kill: { afterRuns?: number } = {}): InstanceSteps {
  const list = (action: string) =>
    NAMES.map((name) => ({
      name,
      run: async () => {
        ran.push(`${action}:${name}`)
        if (ran.length === kill.afterRuns) throw new Killed()
      },
    }))
  return { create: list('create'), remove: list('remove') }
}

async function leased(id: InstanceRow['id'], owner: string): Promise<InstanceRow> {
  const store = createTenantStore(sleepers.database)
  await store.freeAllLeases()
  const row = await store.byId(id)
  const begun = row && (await store.begin(row, owner, { observed: row.observed, step: null }))
  if (!begun) throw new Error('The lease was not given.')
  return begun
}

const recorder =
  (id: InstanceRow['id'], owner: string, kill: { afterRecords?: number } = {}) =>
  async (doneStep: string) => {
    const store = createTenantStore(sleepers.database)
    if (!(await store.recordStep(id, owner, doneStep))) throw new AppError('conflict', 'The lease is lost.')
    if ((await store.byId(id))?.doneSteps.length === kill.afterRecords) throw new Killed()
  }

const kills = ACTIONS.flatMap((action) =>
  NAMES.map((_name, at) => [action, at + 1] as [(typeof ACTIONS)[number], number]),
)

it.each(kills)('goes on with the next step after a kill between two: %s, %i done', async (action, done) => {
  const { id } = await sleepers.instance(0)
  const ran: string[] = []
  const first = await leased(id, 'killed')
  const record = recorder(id, 'killed', { afterRecords: done })
  await expect(takeSteps({ steps: stepsOf(ran), action, row: first, record })).rejects.toThrow(Killed)
  expect(ran).toHaveLength(done)
  const next = await leased(id, 'next')
  await takeSteps({ steps: stepsOf(ran), action, row: next, record: recorder(id, 'next') })
  expect(ran).toEqual(NAMES.map((name) => `${action}:${name}`))
})

it.each(kills)(
  'takes a step again that was killed before it was recorded: %s, step %i',
  async (action, at) => {
    const { id } = await sleepers.instance(0)
    const ran: string[] = []
    const first = await leased(id, 'killed')
    const steps = stepsOf(ran, { afterRuns: at })
    await expect(takeSteps({ steps, action, row: first, record: recorder(id, 'killed') })).rejects.toThrow(
      Killed,
    )
    const next = await leased(id, 'next')
    await takeSteps({ steps: stepsOf(ran), action, row: next, record: recorder(id, 'next') })
    expect(ran).toEqual([...NAMES.slice(0, at), ...NAMES.slice(at - 1)].map((name) => `${action}:${name}`))
  },
)

it('takes no other step once the lease is lost', async () => {
  const { id } = await sleepers.instance(0)
  const ran: string[] = []
  const row = await leased(id, 'slow')
  await leased(id, 'faster')
  const taken = takeSteps({ steps: stepsOf(ran), action: 'remove', row, record: recorder(id, 'slow') })
  await expect(taken).rejects.toThrow('lease')
  expect(ran).toHaveLength(1)
})

it('makes the home before the container, and removes the container before the home', async () => {
  const did: string[] = []
  const call = (what: string) => async () => void did.push(what)
  const steps = createInstanceSteps({
    runtime: { create: call('make container'), remove: call('remove container') },
    homes: {
      make: call('make home'),
      packed: { pack: call('pack'), unpack: call('unpack'), sizeOf: async () => null },
      ownerOf: async () => null,
      setAside: call('set aside'),
      remove: call('remove home'),
    },
    isKnown: async () => true,
    log,
    specOf: async () => ({}) as never,
  })
  const row = { doneSteps: [] as string[] } as InstanceRow
  const shown: string[] = []
  const options = { steps, row, onStep: (step: string) => void shown.push(step), record: async () => {} }
  await takeSteps({ ...options, action: 'create' })
  await takeSteps({ ...options, action: 'remove' })
  expect(did).toEqual(['unpack', 'make home', 'make container', 'remove container', 'remove home'])
  expect(shown).toEqual(['home', 'container'])
})

/** One api process that acts on instances, with these steps and no engine. */
async function reconcile(steps: InstanceSteps, processId: string) {
  const store = createTenantStore(sleepers.database)
  await store.freeAllLeases()
  const cache = await createInstanceCache({ store, notifications: silentNotifications, log })
  const reconciler = createReconciler({
    store,
    cache,
    steps,
    runtime: { check: async () => {} },
    engine: { isAway: async () => false },
    lanes: createLanes(1),
    admission: { admit: async () => true },
    line: { isItsTurn: () => true },
    lastUsedAt: () => 0,
    specOf: async () => ({}),
    processId,
    clock: systemClock,
    log,
    quarantineMs: 60_000,
  } as unknown as ReconcilerOptions)
  return { cache, reconciler }
}

/** The second step fails as often as it is told to. */
function failing(ran: string[], times: number): InstanceSteps {
  const steps = stepsOf(ran)
  let left = times
  const remove = steps.remove.map((step) => ({
    ...step,
    run: async (row: InstanceRow) => {
      await step.run(row)
      if (step.name === 'second' && left-- > 0) throw new AppError('internal', 'Not yet.')
    },
  }))
  return { ...steps, remove }
}

it('keeps what the removal needs after its user has gone, and gives the handle free at the end alone', async () => {
  const { database } = sleepers
  const { db } = database
  const accounts = createAccountStore(database)
  const { id, userId, handle } = await sleepers.instance(0, { desired: 'deleted' })
  const ran: string[] = []
  const first = await reconcile(failing(ran, 1), 'first')
  first.reconciler.enqueue(id)
  await expect.poll(() => first.cache.get(id)?.observed).toBe('failed')
  await first.reconciler.close()
  expect(first.cache.get(id)).toMatchObject({ doneSteps: ['remove:first'], handle })

  await db.delete(users).where(eq(users.id, userId))
  expect(await accounts.claimOn(handle, new Date())).toBe('owner')
  expect(await createTenantStore(database).byId(id)).toMatchObject({ userId, doneSteps: ['remove:first'] })

  await db.update(instances).set({ nextAttemptAt: null }).where(eq(instances.id, id))
  const second = await reconcile(failing(ran, 0), 'second')
  second.reconciler.enqueue(id)
  await expect.poll(() => second.cache.get(id)).toBeUndefined()
  await second.reconciler.close()
  expect(ran).toEqual(['first', 'second', 'second', 'third'].map((name) => `remove:${name}`))
  expect(await createTenantStore(database).byId(id)).toBeNull()
  expect(await accounts.claimOn(handle, new Date())).toBe('quarantined')
})

it('keeps the account until every step of its removal is done', async () => {
  const { db } = sleepers.database
  const { id, userId } = await sleepers.instance(0, { desired: 'deleted' })
  const there = () => db.select().from(users).where(eq(users.id, userId))
  const seen: number[] = []
  const { remove, create } = stepsOf([])
  const watched = remove.map((step) => ({ ...step, run: async () => void seen.push((await there()).length) }))
  const { reconciler, cache } = await reconcile({ create, remove: watched }, 'one')
  reconciler.enqueue(id)
  await expect.poll(() => cache.get(id)).toBeUndefined()
  await reconciler.close()
  expect(seen).toEqual([1, 1, 1])
  expect(await there()).toEqual([])
})

it('begins the next creation with the first step again', async () => {
  const { id } = await sleepers.instance(0, { observed: 'creating', desired: 'asleep' })
  const ran: string[] = []
  for (const owner of ['one', 'two']) {
    await sleepers.database.db.update(instances).set({ observed: 'creating' }).where(eq(instances.id, id))
    const { reconciler, cache } = await reconcile(stepsOf(ran), owner)
    reconciler.enqueue(id)
    await expect.poll(() => cache.get(id)?.observed).toBe('stopped')
    await reconciler.close()
  }
  expect(ran).toEqual([...NAMES, ...NAMES].map((name) => `create:${name}`))
})

it('makes a home where a process that was frozen made one for an instance that is gone', async () => {
  const instancesDir = mkdtempSync(join(tmpdir(), 'mos-left-'))
  onTestFinished(() => rmSync(instancesDir, { recursive: true, force: true }))
  const homes = createLocalHomes({ instancesDir })
  const store = createTenantStore(sleepers.database)
  const runtime = { create: async () => undefined, remove: async () => undefined }
  const steps = createInstanceSteps({
    ...{ runtime, homes, log },
    specOf: async () => ({}) as never,
    isKnown: async (id) => (await store.byId(id)) !== null,
  })
  const take = (row: InstanceRow) =>
    takeSteps({ steps, action: 'create', row, record: async () => undefined })
  const row = await sleepers.instance(0)
  const gone = { id: newId('ins', systemClock), handle: row.handle }
  await homes.make(gone)
  await take(row)
  expect(await homes.ownerOf(row)).toBe(row.id)
  // The other's process goes on with what it was at.
  await expect(homes.make(gone)).rejects.toMatchObject({ code: 'conflict' })

  const [mine, theirs] = [await sleepers.instance(0), await sleepers.instance(0)]
  await homes.make({ id: theirs.id, handle: mine.handle })
  await expect(take(mine)).rejects.toMatchObject({ code: 'conflict' })
})
