/** The gate and the reconciler, complete, before a runtime that counts its starts. */
import { deleteInstance, putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sameOrigin, startApi, type TestApi, visit } from '../support/api.ts'
import { enter } from '../support/enter.ts'
import { type FakeRuntime, openFakeRuntime } from '../support/fake-runtime.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
/** The default of `WAKE_HOLD_S`: who is held for as long has been held too long. */
const DEFAULT_HOLD_MS = 30_000

let fake: FakeRuntime
let api: TestApi | undefined
beforeEach(async () => {
  fake = await openFakeRuntime()
})
afterEach(async () => {
  await api?.[Symbol.asyncDispose]()
  api = undefined
  await fake[Symbol.asyncDispose]()
})

/** Somebody whose computer has run once and sleeps; the api they are at, and how they ask its gate. */
async function sleeper(handle: string, env: Record<string, string> = {}) {
  const here = await startApi({ runtime: () => fake.runtime, env })
  api = here
  const client = here.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  await waitUntilRunning(client)
  const cookie = await enter(here, client, handle)
  await putInstanceToSleep(client)
  const row = () => here.database.db.query.instances.findFirst()
  await until('it sleeps', async () => (await row())?.observed === 'stopped')
  expect(fake.starts(handle)).toBe(1)
  return {
    api: here,
    client,
    cookie,
    row,
    ask: (headers: Record<string, string> = sameOrigin('/', cookie)) =>
      here.ask(`${handle}.localhost`, headers),
  }
}

it('holds a hundred requests until one start has ended, and lets all of them in', async () => {
  const { ask } = await sleeper('crowd')
  const release = fake.holdStarts('crowd')
  let answered = 0
  const asked = Array.from({ length: 100 }, () => ask().finally(() => answered++))
  await until('it is being started', () => fake.starts('crowd') === 2)
  expect(answered).toBe(0)
  release()
  const statuses = (await Promise.all(asked)).map(({ status }) => status)
  expect(statuses).toEqual(Array(100).fill(204))
  expect(fake.starts('crowd')).toBe(2)
})

it('holds 500 requests for one computer, and no more', async () => {
  const { ask } = await sleeper('waited-for')
  const release = fake.holdStarts('waited-for')
  const statuses: number[] = []
  const asked = Array.from({ length: 503 }, async () => statuses.push((await ask()).status))
  await until('three were turned away', () => statuses.length >= 3)
  expect(statuses).toEqual([429, 429, 429])
  release()
  await Promise.all(asked)
  expect(statuses.slice(3)).toEqual(Array(500).fill(204))
})

describe('with a short WAKE_HOLD_S', () => {
  let slow: Awaited<ReturnType<typeof sleeper>>
  // Not in the test: its limit is to measure how long it is held, and not how fast the api boots.
  beforeEach(async () => {
    slow = await sleeper('slow', { WAKE_HOLD_S: '0.3' })
  })

  it('answers then that it is waking, and goes on starting it', { timeout: DEFAULT_HOLD_MS }, async () => {
    const { ask, row } = slow
    const release = fake.holdStarts('slow')
    const held = await ask()
    expect([held.status, held.headers['retry-after']]).toEqual([503, expect.stringMatching(/^[1-9]\d*$/)])
    expect(JSON.parse(held.body)).toMatchObject({ code: 'waking' })
    expect(await row()).toMatchObject({ desired: 'awake', observed: 'starting' })
    release()
    await until('it is awake', async () => (await ask()).status === 204)
    expect(fake.starts('slow')).toBe(2)
  })
})

it('shows a person a page by PAGE_AFTER_S, while programs are held', async () => {
  const { ask, cookie } = await sleeper('paged', { PAGE_AFTER_S: '0.1', WAKE_HOLD_S: '300' })
  const release = fake.holdStarts('paged')
  let isAnswered = false
  const program = ask().finally(() => {
    isAnswered = true
  })
  const shown = await ask(visit('/', cookie))
  expect([shown.status, shown.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8'])
  expect(shown.body).toContain('Waking paged')
  expect(isAnswered).toBe(false)
  release()
  expect((await program).status).toBe(204)
})

const INCIDENTAL: Record<string, Record<string, string>> = {
  'an icon': sameOrigin('/favicon.ico'),
  'an icon for a home screen': sameOrigin('/apple-touch-icon-precomposed.png?v=2'),
  'a prefetch': { ...sameOrigin('/'), 'sec-purpose': 'prefetch' },
  'a page rendered ahead': { ...visit('/'), 'sec-purpose': 'prefetch;prerender' },
  'a preview': { ...visit('/'), purpose: 'preview' },
  'a prefetch of an old Firefox': { ...sameOrigin('/'), 'x-moz': 'prefetch' },
  'what an installed page is called': sameOrigin('/app.webmanifest'),
  'a look for another worker': { ...sameOrigin('/sw.js'), 'sec-fetch-dest': 'serviceworker' },
  'a preview of a link, with a session': {
    ...{ accept: 'text/html', 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' },
    'x-forwarded-uri': '/',
  },
}

it('leaves a sleeper asleep for icons, prefetches, previews and bots', async () => {
  const { ask, cookie, row } = await sleeper('undisturbed')
  for (const [what, headers] of Object.entries(INCIDENTAL))
    expect((await ask({ ...headers, cookie })).status, what).toBe(503)
  expect(await row()).toMatchObject({ desired: 'asleep', observed: 'stopped' })
  expect(fake.starts('undisturbed')).toBe(1)
})

it('says to whoever wakes computers too often when it can be woken again, and leaves it asleep', async () => {
  const { ask, cookie, row, client } = await sleeper('restless', { WAKES_PER_ACCOUNT_PER_HOUR: '1' })
  expect((await ask()).status).toBe(204)
  await putInstanceToSleep(client)
  await until('it sleeps', async () => (await row())?.observed === 'stopped')
  const refused = await ask(visit('/', cookie))
  expect([refused.status, Number(refused.headers['retry-after']) > 3_000]).toEqual([429, true])
  expect(refused.body).toMatch(
    /woken computers too often in the last hour\. Try again in (1 hour|\d+ minutes)\./,
  )
  expect(JSON.parse((await ask()).body)).toMatchObject({ code: 'too_many_requests' })
  await expect(client.trpc.tenants.wake.mutate({ instanceId: (await row())?.id ?? 'ins_' })).rejects.toThrow(
    'too often',
  )
  expect(await row()).toMatchObject({ desired: 'asleep', observed: 'stopped' })
})

const MALLORY = 'http://mallory.localhost'
/** Each with one sign alone. */
const FOREIGN: Record<string, Record<string, string>> = {
  'Sec-Fetch-Site: same-site': { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
  'Sec-Fetch-Site: cross-site': { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
  Origin: { origin: MALLORY },
  'the Origin of a WebSocket': { 'x-mos-upgrade': 'websocket', origin: MALLORY },
  'a WebSocket without an Origin': { 'x-mos-upgrade': 'websocket' },
}

it('refuses pages of other sites by each sign alone, and does not wake for them', async () => {
  const { ask, cookie, row } = await sleeper('guarded')
  for (const [sign, headers] of Object.entries(FOREIGN))
    expect((await ask({ cookie, ...headers })).status, sign).toBe(403)
  expect(await row()).toMatchObject({ desired: 'asleep', observed: 'stopped' })
  expect((await ask({ cookie })).status).toBe(204)
})

it('allows certificates for its own hosts and for computers that exist, until they are deleted', async () => {
  const { api: here, client } = await sleeper('certified')
  const ask = (name: string) => here.askCertificate(`${name}localhost`)
  expect(await Promise.all(['', 'app.', 'api.', 'certified.', 'CERTIFIED.'].map(ask))).toEqual(
    Array(5).fill(200),
  )
  expect(await Promise.all(['nobody.', 'a.certified.', 'admin.'].map(ask))).toEqual(Array(3).fill(404))
  await deleteInstance(client, 'certified')
  await until('its certificate is refused', async () => (await ask('certified.')) === 404)
})

it('looks up only so many unknown hosts for certificates', async () => {
  const { api: here } = await sleeper('limited', { CERTIFICATE_LOOKUPS_PER_SECOND: '2' })
  const names = Array.from({ length: 200 }, (_, index) => `stranger-${index}.localhost`)
  const statuses = await Promise.all(names.map(here.askCertificate))
  expect(statuses).toContain(404)
  expect(statuses).toContain(429)
  expect(await here.askCertificate('limited.localhost')).toBe(200)
})
