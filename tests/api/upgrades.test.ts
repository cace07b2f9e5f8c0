/** Moving computers to another image: one after the other, never twice, and back where it does not run. */
import { randomBytes } from 'node:crypto'
import { signUp, waitUntilRunning } from '@matrixos/client'
import { newId } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import { eq, sql } from 'drizzle-orm'
import { expect, it, vi } from 'vitest'
import { instanceEvents, instances, rehearsals } from '../../apps/api/src/db/schema/index.ts'
import { AppError } from '../../apps/api/src/errors.ts'
import type { InstanceSpec, Runtime } from '../../apps/api/src/ports/runtime.ts'
import { newAdmin, newPerson } from '../support/administrator.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

vi.setConfig({ testTimeout: 180_000 })

const NEXT = 'registry.example/computer:2'
const TRIAL = 'upgrade--trial'
const AT_ONCE = { atOnce: 2, mostFailures: 3, patienceS: 0 }

/** Every start, and which of them fail. */
function recording(fails: (spec: InstanceSpec) => boolean = () => false, canClose = false) {
  const started: string[] = []
  const runtime = (real: Runtime): Runtime => ({
    ...real,
    canClose: () => canClose,
    start: async (spec) => {
      started.push(`${spec.handle} ${spec.image}`)
      if (fails(spec)) throw new AppError('instance_unhealthy', 'It stopped while starting (exit code 1).')
      return await real.start(spec)
    },
  })
  return { started, runtime }
}

async function boot({
  fails,
  canClose,
  env = {},
}: {
  fails?: (spec: InstanceSpec) => boolean
  canClose?: boolean
  env?: Record<string, string>
} = {}) {
  const { started, runtime } = recording(fails, canClose)
  const api = await startApi({ runtime, env: { RESYNC_S: '0.2', ...env } })
  const root = await newAdmin(api, 'rootadmin')
  await waitUntilRunning(root.client)
  const { upgrades } = root.client.trpc.admin
  const view = async () => {
    const [last] = (await upgrades.view.query()).rollouts
    if (!last) throw new Error('There is no upgrade.')
    return last
  }
  return { api, root, started, upgrades, view }
}

const rowOf = async (api: TestApi, handle: string) => {
  const [row] = await api.database.db.select().from(instances).where(eq(instances.handle, handle))
  if (!row) throw new Error(`${handle} has no computer.`)
  return row
}

/** What was upgraded has run for long enough: the database's clock cannot be moved. */
const settle = (api: TestApi) =>
  api.database.db.update(instances).set({ observedAt: sql`${instances.observedAt} - interval '1 minute'` })

async function sleeping(api: TestApi, handle: string) {
  const { client } = await newPerson(api, handle)
  const { id: instanceId } = await waitUntilRunning(client)
  await client.trpc.tenants.sleep.mutate({ instanceId })
  await until('it sleeps', async () => (await rowOf(api, handle)).observed === 'stopped')
  return { client, instanceId }
}

it('moves what runs, what sleeps at its next wake, and what is made from then on', async () => {
  const { api, started, upgrades, view } = await boot()
  await using _ = api
  const sleeper = await sleeping(api, 'sleeper')
  const before = await rowOf(api, 'rootadmin')
  await upgrades.start.mutate({ image: NEXT, ...AT_ONCE })
  await until('it runs again', async () => {
    const row = await rowOf(api, 'rootadmin')
    return row.image === NEXT && row.observed === 'running'
  })
  // Gone back to until it has run for a while.
  expect(await rowOf(api, 'rootadmin')).toMatchObject({
    generation: before.generation + 1,
    formerGeneration: before.generation,
    formerImage: before.image,
  })
  await settle(api)
  await until('all is done that can be', async () => (await view()).state === 'done')
  expect(await view()).toMatchObject({ trial: 'passed', counts: { done: 1, lazy: 1, rolled_back: 0 } })
  expect(await rowOf(api, 'rootadmin')).toMatchObject({ formerGeneration: null, formerImage: null })
  const containers = async () => (await api.shared.runtime.list()).filter(({ id }) => id === before.id)
  await until('the container before is gone', async () => (await containers()).length === 1)

  expect(started).not.toContain(`sleeper ${NEXT}`)
  await sleeper.client.trpc.tenants.wake.mutate({ instanceId: sleeper.instanceId })
  await until('it runs', async () => (await rowOf(api, 'sleeper')).observed === 'running')
  expect(started.at(-1)).toBe(`sleeper ${NEXT}`)
  await settle(api)
  await until('it is counted', async () => (await view()).counts.done === 2, 15_000)

  await newPerson(api, 'newcomer')
  expect((await rowOf(api, 'newcomer')).image).toBe(NEXT)
  await until('the timeline tells of it', async () => {
    const told = await api.database.db
      .select({ kind: instanceEvents.kind })
      .from(instanceEvents)
      .where(eq(instanceEvents.instanceId, before.id))
    return told.map(({ kind }) => kind).join() === 'created,woke,upgraded'
  })
})

it('touches nobody with an image that does not start at all', async () => {
  const { api, started, upgrades, view } = await boot({ fails: ({ image }) => image === NEXT })
  await using _ = api
  const before = await rowOf(api, 'rootadmin')
  await upgrades.start.mutate({ image: NEXT, ...AT_ONCE })
  await until('it stopped', async () => (await view()).state === 'stopped')
  expect(await view()).toMatchObject({
    trial: 'failed',
    reason: expect.stringContaining('It stopped while starting (exit code 1).'),
  })
  expect(started.filter((start) => start.endsWith(NEXT))).toEqual([`${TRIAL} ${NEXT}`])
  expect(await rowOf(api, 'rootadmin')).toMatchObject({ version: before.version, image: before.image })
  expect((await api.shared.runtime.list()).map(({ handle }) => handle)).toEqual(['rootadmin'])
})

it('goes back where the image does not run with what people have, and stops after so many', async () => {
  const fails = ({ image, handle }: InstanceSpec) => image === NEXT && handle !== TRIAL
  const { api, started, upgrades, view } = await boot({ fails })
  await using _ = api
  const before = await rowOf(api, 'rootadmin')
  const sleeper = await sleeping(api, 'sleeper')
  const others = await sleeping(api, 'other')
  await upgrades.start.mutate({ image: NEXT, ...AT_ONCE, mostFailures: 1 })
  await until('it stopped', async () => (await view()).state === 'stopped')
  await until('it runs again', async () => (await rowOf(api, 'rootadmin')).observed === 'running')
  expect(await view()).toMatchObject({
    reason: '1 computer did not run with this image, and kept the one before.',
    counts: { rolled_back: 1, lazy: 0, waiting: 0 },
    failed: [{ handle: 'rootadmin', message: 'It stopped while starting (exit code 1).' }],
  })
  const { image, generation } = before
  expect(await rowOf(api, 'rootadmin')).toMatchObject({ image, generation, failures: 0, error: null })
  for (const { client, instanceId } of [sleeper, others]) {
    await client.trpc.tenants.wake.mutate({ instanceId })
    await waitUntilRunning(client)
  }
  expect(started.filter((start) => start.endsWith(NEXT))).toEqual([`${TRIAL} ${NEXT}`, `rootadmin ${NEXT}`])
  const containers = async () => (await api.shared.runtime.list()).map(({ generation: n }) => n)
  await until('nothing is left of it', async () => (await containers()).join() === '1,1,1')
})

it('tries it with a copy first, and leaves alone whose copy does not run', async () => {
  const fails = ({ image, handle }: InstanceSpec) => image === NEXT && handle !== TRIAL
  const { api, started, upgrades, view } = await boot({ fails, canClose: true })
  await using _ = api
  const before = await rowOf(api, 'rootadmin')
  await upgrades.start.mutate({ image: NEXT, ...AT_ONCE, mostFailures: 1 })
  await until('it stopped', async () => (await view()).state === 'stopped', 30_000)
  expect(await view()).toMatchObject({
    reason: '1 computer did not run with this image, and kept the one before.',
    counts: { rolled_back: 1, trying: 0, done: 0 },
    failed: [{ handle: 'rootadmin', message: 'It stopped while starting (exit code 1).' }],
  })
  const { version, image, generation, observedAt } = before
  expect(await rowOf(api, 'rootadmin')).toMatchObject({ version, image, generation, observedAt })
  // Once more, since it may have stumbled over files that were copied while they changed.
  const copy = expect.stringMatching(/^copy--\w+ /)
  expect(started.filter((start) => start.endsWith(NEXT))).toEqual([`${TRIAL} ${NEXT}`, copy, copy])
  expect((await api.shared.runtime.list()).map(({ handle }) => handle)).toEqual(['rootadmin'])
  expect(await api.database.db.$count(rehearsals)).toBe(0)
})

it('switches whose copy has stayed up, and removes what a dead process has left of others', async () => {
  const { api, started, upgrades, view } = await boot({ canClose: true })
  await using _ = api
  const left = newId('ins', { now: Date.now, random: randomBytes })
  const leftHome = { id: left, handle: `copy--${left.slice(4)}` }
  await api.shared.homes.make(leftHome)
  await api.database.db.insert(rehearsals).values({ id: left, begunAt: new Date() })
  await upgrades.start.mutate({ image: NEXT, ...AT_ONCE })
  await until(
    'it is done',
    async () => {
      await settle(api)
      return (await view()).state === 'done'
    },
    60_000,
  )
  const copy = expect.stringMatching(/^copy--\w+ /)
  expect(started.filter((start) => start.endsWith(NEXT))).toEqual([
    `${TRIAL} ${NEXT}`,
    copy,
    `rootadmin ${NEXT}`,
  ])
  expect((await view()).counts).toMatchObject({ done: 1, rolled_back: 0 })
  expect(await api.shared.homes.ownerOf(leftHome)).toBeNull()
  expect(await api.database.db.$count(rehearsals)).toBe(0)
})

it('makes no new computers from an image that no computer ran with', async () => {
  const fails = ({ image, handle }: InstanceSpec) => image === NEXT && handle !== TRIAL
  const { api, upgrades, view } = await boot({ fails })
  await using _ = api
  const before = await rowOf(api, 'rootadmin')
  await upgrades.start.mutate({ image: NEXT, ...AT_ONCE, mostFailures: 100 })
  await until('it is over', async () => (await view()).state !== 'running')
  expect(await view()).toMatchObject({
    ...{ state: 'stopped', reason: 'No computer ran with this image: all kept the one before.' },
    counts: { rolled_back: 1, done: 0 },
  })
  await newPerson(api, 'newcomer')
  expect((await rowOf(api, 'newcomer')).image).toBe(before.image)
})

it('goes back when a sleeper does not wake with it, and its owner has a computer all the same', async () => {
  const fails = ({ image, handle }: InstanceSpec) => image === NEXT && handle === 'sleeper'
  const { api, upgrades, view } = await boot({ fails })
  await using _ = api
  const { client, instanceId } = await sleeping(api, 'sleeper')
  const before = await rowOf(api, 'sleeper')
  await upgrades.start.mutate({ image: NEXT, ...AT_ONCE })
  await until('it waits for its wake', async () => {
    await settle(api)
    return (await view()).counts.lazy === 1
  })
  await client.trpc.tenants.wake.mutate({ instanceId })
  await waitUntilRunning(client)
  expect(await rowOf(api, 'sleeper')).toMatchObject({ image: before.image, generation: before.generation })
  await until('it is counted', async () => (await view()).counts.rolled_back === 1, 15_000)
})

it('gives back what people had, also to those who came since', async () => {
  const { api, upgrades, view } = await boot()
  await using _ = api
  const before = await rowOf(api, 'rootadmin')
  await upgrades.start.mutate({ image: NEXT, ...AT_ONCE })
  const done = () =>
    until('it is done', async () => {
      await settle(api)
      return (await view()).state === 'done'
    })
  await done()
  const { client } = await newPerson(api, 'newcomer')
  await waitUntilRunning(client)
  expect((await rowOf(api, 'newcomer')).image).toBe(NEXT)
  const { id, canRollBack } = await view()
  expect(canRollBack).toBe(true)
  await upgrades.rollBack.mutate({ id })
  await done()
  expect(await view()).toMatchObject({ kind: 'rollback', image: before.image, canRollBack: false })
  for (const handle of ['rootadmin', 'newcomer'])
    expect(await rowOf(api, handle)).toMatchObject({ image: before.image, observed: 'running' })
  const late = api.client()
  await signUp({ client: late, authenticator: createAuthenticator(), handle: 'late' })
  expect((await rowOf(api, 'late')).image).toBe(before.image)
})

it('leaves alone whoever uses their computer, until patience ends', async () => {
  const { api, upgrades, view } = await boot()
  await using _ = api
  await upgrades.start.mutate({ image: NEXT, ...AT_ONCE, patienceS: 3_600 })
  await until('the image was tried', async () => (await view()).trial === 'passed')
  await until('its turn has not come', async () => (await view()).counts.waiting === 1)
  const before = await rowOf(api, 'rootadmin')
  expect(before).toMatchObject({ observed: 'running', formerGeneration: null })
  await api.leave(120_000)
  await until('it has its next image', async () => (await rowOf(api, 'rootadmin')).image === NEXT)
})

it('refuses a second one meanwhile, the image that computers have, and whoever is no administrator', async () => {
  const { api, root, upgrades, view } = await boot()
  await using _ = api
  const { image } = await upgrades.view.query()
  expect((await refusal(upgrades.start.mutate({ image, ...AT_ONCE }))).code).toBe('invalid_input')
  await upgrades.start.mutate({ image: NEXT, ...AT_ONCE, patienceS: 3_600 })
  expect((await refusal(upgrades.start.mutate({ image: 'other:3', ...AT_ONCE }))).code).toBe('conflict')
  await upgrades.stop.mutate({ id: (await view()).id })
  expect(await view()).toMatchObject({ state: 'stopped', reason: null })
  const ada = await newPerson(api, 'ada')
  const { upgrades: theirs } = ada.client.trpc.admin
  for (const call of [
    theirs.view.query(),
    theirs.start.mutate({ image: 'mine:1' }),
    theirs.stop.mutate({ id: 1 }),
  ])
    expect((await refusal(call)).code).toBe('forbidden')
  const audit = await root.client.trpc.admin.audit.search.query({ target: NEXT })
  expect(audit.items.map(({ action }) => action)).toEqual(['upgrade_stopped', 'upgrade_started'])
})

it('ends although somebody leaves in the middle of it', async () => {
  const { api, upgrades, view } = await boot()
  await using _ = api
  await newPerson(api, 'leaver')
  await upgrades.start.mutate({ image: NEXT, ...AT_ONCE, patienceS: 3_600 })
  await until('both wait', async () => (await view()).counts.waiting === 2)
  // As a deletion that the engine does not let come to its end.
  const { id } = await rowOf(api, 'leaver')
  await api.database.db
    .update(instances)
    .set({ desired: 'deleted', observed: 'failed', nextAttemptAt: new Date(Date.now() + 86_400_000) })
    .where(eq(instances.id, id))
  await api.leave(120_000)
  await until('it is done', async () => {
    await settle(api)
    return (await view()).state === 'done'
  })
  expect((await view()).counts).toMatchObject({ done: 1, skipped: 1, waiting: 0 })
})
