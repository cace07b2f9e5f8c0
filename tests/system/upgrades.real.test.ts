/** Twenty computers in containers are moved to images that do not serve, and to one that does, while people use them. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { putInstanceToSleep, signUp } from '@matrixos/client'
import { INSTANCE_IMAGES } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { tableOf } from '../../apps/api/src/drivers/runtime/docker/firewall/render.ts'
import { openNotes } from '../../apps/instance/src/testing/notes.ts'
import { makeNextImages, type NextImages } from '../support/next-images.ts'
import { freeUpgrades, settleUpgrades } from '../support/settle-upgrades.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import { engine, testContainers } from '../support/test-engine.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const PEOPLE = 20
/** Of them, those who sleep meanwhile. */
const SLEEPERS = 5
/** The longest that a computer that runs may leave its people without an answer. What it takes is printed. */
const UNREACHABLE_MS = 2_000
/** On a busy one: as many times what the engine alone needs to stop a container and to start it until it answers. */
const TIMES_A_RESTART = 10
/** Between two requests of a person who is there all the time. Twenty who ask more often leave an upgrade no processor. */
const PROBE_MS = 300

const all = Array.from({ length: PEOPLE }, (_, index) => index)
const awake = all.slice(0, PEOPLE - SLEEPERS)
const asleep = all.slice(PEOPLE - SLEEPERS)

const handleOf = (index: number) => `person${index}`
/** As many as two processors have enough to do with. */
const AT_ONCE = 4
/** Those that hang take 10 s each, twice, of nobody's time. */
const COPIES_AT_ONCE = 8

async function someAtOnce(indices: readonly number[], work: (index: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < indices.length; at += AT_ONCE)
    await Promise.all(indices.slice(at, at + AT_ONCE).map(work))
}

/** What the engine alone needs for a stop and a start of such a container, until the program answers. */
async function restartMs(): Promise<number> {
  const Env = ['MATRIX_HANDLE=floor', 'MATRIX_AUTH_TOKEN=floor']
  const container = await engine().createContainer({
    Image: INSTANCE_IMAGES.slim,
    Env,
    HostConfig: { Init: true },
  })
  await container.start()
  const began = performance.now()
  await container.restart({ t: 10 })
  const { NetworkSettings } = await container.inspect()
  const url = `http://${NetworkSettings.Networks.bridge?.IPAddress}:4000/health`
  await until('it answers', () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  const ms = performance.now() - began
  await container.remove({ force: true })
  return ms
}

describeReal(['docker', 'caddy', 'postgres'], 'an upgrade of twenty computers', () => {
  let stack: Stack
  let made: NextImages
  let root: PlatformClient
  let sql: postgres.Sql
  const people: PlatformClient[] = []

  beforeAll(async () => {
    stack = await bootStack({
      parts: 'real',
      env: { RESYNC_S: '2', SIGN_UPS_PER_NETWORK_PER_HOUR: '1000', INSTANCE_FIREWALL: 'api' },
    })
    made = await makeNextImages(engine(), randomBytes(4).toString('hex'))
    await someAtOnce(all, async (index) => {
      const client = stack.client()
      people[index] = client
      const handle = handleOf(index)
      await signUp({ client, authenticator: createAuthenticator(), handle })
      await openInstance(client, client.hosts.instanceOrigin(handle))
      const notes = await openNotes(client, handle)
      await notes.save(`of ${handle}`)
      await notes.close()
    })
    const [first] = people
    if (!first) throw new Error('There is nobody.')
    root = first
    sql = postgres(stack.databaseUrl ?? '', { max: 1 })
    await sql`update users set role = 'admin' where handle = ${handleOf(0)}`
  })
  afterAll(async () => {
    await sql?.end()
    await stack?.[Symbol.asyncDispose]()
    // The kernel's, and no process's.
    const table = tableOf(`matrixos-${stack?.name}`)
    await promisify(execFile)('nft', ['delete', 'table', 'inet', table]).catch(() => undefined)
    await made?.remove()
  })

  const containers = async () =>
    (await testContainers(stack.name)).map(({ Id, ImageID, State, Names }) => ({
      id: Id,
      image: ImageID,
      state: State,
      name: Names[0],
    }))
  const startedAt = async () => {
    const all = await testContainers(stack.name)
    const seen = await Promise.all(all.map(({ Id }) => engine().getContainer(Id).inspect()))
    return seen.map(({ Id, State }) => `${Id} ${State.StartedAt}`).sort()
  }
  const copies = async () => {
    const [row] = await sql<{ count: number }[]>`select count(*)::int as count from rehearsals`
    return row?.count ?? -1
  }
  async function noCopyIsLeft(): Promise<void> {
    await until('no copy is left', async () => (await copies()) === 0)
    expect(readdirSync(join(stack.dataDir, 'instances')).filter((name) => /^\.|--/.test(name))).toEqual([])
  }
  const last = async () => {
    const [rollout] = (await root.trpc.admin.upgrades.view.query()).rollouts
    if (!rollout) throw new Error('There is no upgrade.')
    return rollout
  }
  const start = (image: string, mostFailures: number, atOnce = 1) =>
    root.trpc.admin.upgrades.start.mutate({ image, atOnce, mostFailures, patienceS: 0 })

  /** The next one goes on at once; `upgrade-kills.real.test.ts` waits for the dead one's lease. */
  async function killDriver(): Promise<void> {
    await stack.kill('api')
    await freeUpgrades(sql)
  }

  /** Computers need not run for long before they keep their image. */
  async function isSettledAnd(check: () => Promise<boolean>): Promise<boolean> {
    await settleUpgrades(sql)
    return await check()
  }

  /** Asks for a page again and again, as its owner; resolves with the longest time without an answer. */
  async function watch(client: PlatformClient, handle: string, over: AbortSignal): Promise<number> {
    let longest = 0
    let answeredAt = performance.now()
    while (!over.aborted) {
      const url = `${client.hosts.instanceOrigin(handle)}/api/me`
      const status = await client.browser.fetch(url).then(
        (response) => response.text().then(() => response.status),
        () => 0,
      )
      const now = performance.now()
      longest = Math.max(longest, now - answeredAt)
      if (status === 200) answeredAt = now
      await delay(PROBE_MS)
    }
    return longest
  }

  /** Fails where somebody was left without an answer for too long. */
  async function whileWatched(what: string, indices: number[], work: () => Promise<void>): Promise<void> {
    const floors = [await restartMs()]
    const over = new AbortController()
    const watches = indices.map((index) =>
      watch(people[index] as PlatformClient, handleOf(index), over.signal),
    )
    try {
      await work()
    } finally {
      over.abort()
    }
    const longest = Math.max(...(await Promise.all(watches)))
    floors.push(await restartMs())
    const floor = Math.max(...floors)
    console.info(
      `${what}: ${Math.round(longest)} ms without an answer; a bare restart: ${Math.round(floor)} ms`,
    )
    expect(longest).toBeLessThan(Math.max(UNREACHABLE_MS, TIMES_A_RESTART * floor))
  }

  async function hasKept(index: number): Promise<void> {
    const notes = await openNotes(people[index] as PlatformClient, handleOf(index))
    expect(notes.text).toBe(`of ${handleOf(index)}`)
    await notes.close()
  }

  it('touches nobody with an image that cannot run', async () => {
    const before = await containers()
    await whileWatched('an image that cannot run', all, async () => {
      await start(made.images.broken, 100)
      await until('it stopped', async () => (await last()).state === 'stopped', 60_000)
    })
    expect(await last()).toMatchObject({ trial: 'failed', counts: { rolled_back: 0, done: 0 } })
    expect(await containers()).toEqual(before)
  })

  it('touches none of twenty with an image that breaks with what they have', async () => {
    const runs = await startedAt()
    await whileWatched('an image that breaks with used homes', all, async () => {
      await start(made.images.breaking, 100, COPIES_AT_ONCE)
      await until('all kept theirs', async () => (await last()).counts.rolled_back === PEOPLE, 240_000)
    })
    expect((await last()).failed).toHaveLength(PEOPLE)
    await someAtOnce(all, hasKept)
    expect(await startedAt()).toEqual(runs)
    await noCopyIsLeft()
  })

  it('touches nobody with an image that ends after a few seconds', async () => {
    const runs = await startedAt()
    await start(made.images.dying, 2, AT_ONCE)
    await until('it stopped', async () => (await last()).state === 'stopped', 120_000)
    expect((await last()).failed[0]?.message).toMatch(
      /^It stopped by itself \d s after its start \(exit code 3\)\.$/,
    )
    await until('nothing is left of it', async () => (await containers()).length === PEOPLE, 60_000)
    expect(await startedAt()).toEqual(runs)
  })

  it('moves all to one that serves, sleepers at their next wake, although the api is killed meanwhile', async () => {
    await someAtOnce(
      asleep,
      async (index) => void (await putInstanceToSleep(people[index] as PlatformClient)),
    )
    await until(
      'they sleep',
      async () => (await containers()).filter(({ state }) => state === 'running').length === awake.length,
    )
    await start(made.images.good, 1, AT_ONCE)
    await until('copies are tried', async () => (await copies()) > 0, 60_000)
    await killDriver()
    await until('some have it', async () => (await last()).counts.trying > 0, 60_000)
    await killDriver()
    await whileWatched('an image that serves', awake, () =>
      until('it is over', () => isSettledAnd(async () => (await last()).state !== 'running'), 240_000).then(
        () => undefined,
      ),
    )
    expect(await last()).toMatchObject({ state: 'done', reason: null, failed: [] })
    expect((await last()).counts).toMatchObject({ done: awake.length, lazy: SLEEPERS, rolled_back: 0 })
    await someAtOnce(all, hasKept)
    const good = await made.idOf(made.images.good)
    await until(
      'one container each, of the next image',
      () =>
        isSettledAnd(async () => {
          const now = await containers()
          return (
            now.length === PEOPLE && now.every(({ image, state }) => image === good && state === 'running')
          )
        }),
      60_000,
    )
    await until(
      'all are counted',
      () => isSettledAnd(async () => (await last()).counts.done === PEOPLE),
      60_000,
    )
    await noCopyIsLeft()
  })
})
