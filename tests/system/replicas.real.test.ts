/** Two platforms on one PostgreSQL, one Docker Engine and one data folder: whichever one people reach, it is the same. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  deleteInstance,
  logIn,
  putInstanceToSleep,
  signUp,
  waitUntilRunning,
  wakeInstance,
} from '@matrixos/client'
import { HOME_FOLDER } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { COOKIES } from '../../apps/api/src/http/cookies.ts'
import { openNotes } from '../../apps/instance/src/testing/notes.ts'
import { sameOrigin } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'
import { getStatus, startBareApi } from '../support/bare-api.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const SHORT = { IDLE_LIMIT_S: '2', IN_FLIGHT_INTERVAL_MS: '200', RESYNC_S: '1' }
/** For the end of a session 5 s are promised, of which a look for what nobody told of takes 4; the rest is for a busy machine. */
const REVOKED_MS = 15_000
/** A dead process is waited for 15 s; the rest is for a busy machine. */
const CONVERGES_MS = 60_000

async function endSessionsOf({ place }: Stack, handle: string): Promise<void> {
  const sql = postgres(place.DATABASE_URL ?? '', { max: 1 })
  await sql`delete from sessions using users where users.id = sessions.user_id and users.handle = ${handle}`
  await sql.end()
}

describeReal(['docker', 'caddy', 'postgres'], 'two platforms on one database', () => {
  let a: Stack
  let b: Stack
  beforeAll(async () => {
    a = await bootStack({ parts: 'real', env: SHORT })
    b = await bootStack({ parts: 'real', env: { ...SHORT, EDGE_DRIVER: 'embedded' }, beside: a })
  }, 240_000)
  afterAll(async () => {
    await b?.[Symbol.asyncDispose]()
    await a?.[Symbol.asyncDispose]()
  })

  /** One person, signed up at A, with a browser that a load balancer may send to either. */
  async function person(handle: string) {
    const authenticator = createAuthenticator()
    const atA = a.client()
    await signUp({ client: atA, authenticator, handle })
    const atB = b.client(atA.browser.jar)
    const { url } = await waitUntilRunning(atB)
    return { atA, atB, url, authenticator }
  }
  const observed = async (client: PlatformClient) => (await client.trpc.tenants.mine.query()).observed
  const asleep = (client: PlatformClient) =>
    until('it sleeps', async () => (await observed(client)) === 'stopped', CONVERGES_MS)
  const bootOf = async (client: PlatformClient, url: string): Promise<string> => {
    const response = await client.browser.fetch(`${url}/health`)
    expect(response.status).toBe(200)
    return String((await response.json()).bootedAt)
  }
  const statusOf = async (client: PlatformClient, url: string) =>
    (await client.browser.fetch(`${url}/health`)).status

  it('shows at one what was made at the other, and lets people in there with the same cookie', async () => {
    const { atA, atB, url } = await person('shared')
    await openInstance(atB, url)
    expect(await statusOf(atA, url)).toBe(200)
    expect(await statusOf(atB, url)).toBe(200)
  })

  it('allows a certificate at both as soon as an account is there', async () => {
    await signUp({ client: a.client(), authenticator: createAuthenticator(), handle: 'certified' })
    const ask = (stack: Stack, domain: string) =>
      getStatus(join(stack.runDir, 'service.sock'), `/ask?domain=${domain}`)
    expect(await Promise.all([a, b].map((stack) => ask(stack, 'certified.localhost')))).toEqual([200, 200])
    expect(await Promise.all([a, b].map((stack) => ask(stack, 'nobody.localhost')))).toEqual([404, 404])
  })

  it('answers requests to both at once from one boot', async () => {
    const { atA, atB, url } = await person('crowd')
    await openInstance(atA, url)
    const before = await bootOf(atB, url)
    await putInstanceToSleep(atA)
    await asleep(atB)
    const visits = Array.from({ length: 40 }, (_, i) => bootOf(i % 2 ? atA : atB, url))
    const boots = new Set(await Promise.all(visits))
    expect(boots.size).toBe(1)
    expect(boots).not.toContain(before)
  })

  it('sleeps when nobody uses it, and not while somebody does, at whichever', async () => {
    const { atA, atB, url } = await person('sleeper')
    await openInstance(atB, url)
    const notes = await openNotes(atB, 'sleeper')
    // Somebody who leaves no stream open sleeps twice meanwhile; A knows of the open one by B's word alone.
    const other = await person('contrast')
    for (let times = 0; times < 2; times++) {
      await openInstance(other.atA, other.url)
      await asleep(other.atA)
    }
    expect(await observed(atA)).toBe('running')
    await notes.save('at B')
    await notes.close()
    await asleep(atA)
    expect(await statusOf(atA, url)).toBe(200)
    await asleep(atB)
  })

  it('sleeps although it was last used by way of an api that has no edge', async () => {
    const { atA, url } = await person('bare')
    await openInstance(atA, url)
    const known = atA.browser.jar.get('bare.localhost', COOKIES.app.name)
    await using bare = await startBareApi(a, SHORT)
    const port = new URL(a.url).port
    const cookie = `${known?.name}=${known?.value}`
    expect(await bare.ask(`bare.localhost:${port}`, sameOrigin('/', cookie))).toBe(204)
    await asleep(atA)
  })

  it('ends a session at both soon, streams included', async () => {
    const { atA, atB, url, authenticator } = await person('leaver')
    await openInstance(atA, url)
    expect(await statusOf(atB, url)).toBe(200)
    const other = b.client()
    await logIn({ client: other, authenticator })
    const notes = await openNotes(atA, 'leaver')
    const closed = new Promise((resolve) => notes.socket.once('close', resolve))
    await expect(other.trpc.auth.logoutEverywhere.mutate()).resolves.toEqual({ sessions: 2 })
    const began = performance.now()
    await closed
    await until('A lets nobody in', async () => (await statusOf(atA, url)) === 401)
    expect(await statusOf(atB, url)).toBe(401)
    expect(performance.now() - began).toBeLessThan(REVOKED_MS)
    expect((await refusal(atB.trpc.auth.me.query())).code).toBe('unauthorized')
    expect((await refusal(atA.trpc.auth.me.query())).code).toBe('unauthorized')
  })

  it('lets nobody in at one with the cookies of somebody who signed out at the other', async () => {
    const { atA, url } = await person('signed-out')
    await openInstance(atA, url)
    const { jar } = atA.browser
    const kept = (host: string, name: string) => ({ cookie: `${name}=${jar.get(host, name)?.value}` })
    const app = kept('signed-out.localhost', COOKIES.app.name)
    const session = { 'x-mos': '1', ...kept('app.localhost', COOKIES.session.name) }
    const thief = b.client().browser
    const statuses = async () => [
      (await thief.fetch(`${url}/health`, { headers: app })).status,
      (await thief.fetch(`${b.hosts.appOrigin}/trpc/auth.me`, { headers: session })).status,
    ]
    expect(await statuses()).toEqual([200, 200])
    const began = performance.now()
    await atA.trpc.auth.logout.mutate()
    await until('B lets nobody in', async () => (await statuses()).every((status) => status === 401))
    expect(performance.now() - began).toBeLessThan(REVOKED_MS)
  })

  it('ends what is open to a session whose end nobody told of', async () => {
    const { atA, atB, url } = await person('untold')
    await openInstance(atA, url)
    await openInstance(atB, url)
    const both = await Promise.all([atA, atB].map((client) => openNotes(client, 'untold')))
    const closed = both.map(({ socket }) => new Promise((resolve) => socket.once('close', resolve)))
    // As an api that dies between writing it and saying so.
    await endSessionsOf(a, 'untold')
    const began = performance.now()
    await Promise.all(closed)
    // The first edge that hears of it closes the other's connections to the instance too: they share a kernel here.
    for (const client of [atA, atB])
      await until('nobody is let in', async () => (await statusOf(client, url)) === 401)
    expect(performance.now() - began).toBeLessThan(REVOKED_MS)
  })

  it('deletes at one what is gone at both', async () => {
    const { atA, atB, url } = await person('leaving')
    await openInstance(atA, url)
    await deleteInstance(atB, 'leaving')
    const home = join(a.dataDir, 'instances', 'leaving', HOME_FOLDER)
    await until(
      'home and container are gone',
      async () => !existsSync(home) && (await a.instancesOf('leaving')) === 0,
      CONVERGES_MS,
    )
    const gone = (stack: Stack) =>
      until('nobody is found there', async () => {
        const client = stack.client()
        const page = await client.browser.navigate(url)
        const { status } = await client.trpc.auth.handleAvailability.query({ handle: 'leaving' })
        return page.status === 404 && status === 'taken'
      })
    await Promise.all([gone(a), gone(b)])
    // The account goes last: until then its handle is taken already, and its address leads nowhere.
    const meAtA = () => refusal(atA.trpc.auth.me.query()).catch(() => null)
    await until('the account is gone', async () => (await meAtA())?.code === 'unauthorized')
  })

  it('refuses a third one where one of them is', async () => {
    const third = bootStack({ parts: 'real', beside: a, env: { RUN_DIR: b.runDir } })
    await expect(third).rejects.toThrow(`already running in ${b.runDir}`)
  })

  // The last one: B is dead afterwards.
  it('goes on without one that was killed in the middle of things', async () => {
    const { atA, atB, url } = await person('survivor')
    await openInstance(atA, url)
    await putInstanceToSleep(atA)
    await asleep(atB)
    const { pid, parts } = b.platform()
    process.kill(pid, 'SIGSTOP')
    await wakeInstance(atB)
    process.kill(parts.api ?? 0, 'SIGKILL')
    try {
      await until('A finishes it', async () => (await observed(atA)) === 'running', CONVERGES_MS)
      await openInstance(atA, url)
      await asleep(atA)
      expect(await statusOf(atA, url)).toBe(200)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  })
})
