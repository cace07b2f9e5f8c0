/** A machine that is short of memory: who is started, who waits, what they are told, and how it goes on. */

import { putInstanceToSleep, signUp, waitUntilRunning, wakeInstance } from '@matrixos/client'
import { CHECK_RESPONSE_HEADERS } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { findProcesses } from '@matrixos/testing/processes'
import { until } from '@matrixos/testing/until'
import { afterEach, expect, it, vi } from 'vitest'
import { COOKIES } from '../../apps/api/src/http/cookies.ts'
import { sameOrigin, startApi, type TestApi, visit } from '../support/api.ts'

const MIB = 1_048_576
/** What one start is taken to need, and what must remain: the defaults. */
const START = 256 * MIB
const RESERVE = 256 * MIB

vi.setConfig({ testTimeout: 120_000 })
const WAIT_MS = 60_000

let api: TestApi
afterEach(() => api?.[Symbol.asyncDispose]())

async function person(handle: string): Promise<PlatformClient> {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  return client
}

const mine = (client: PlatformClient) => client.trpc.tenants.mine.query()
const observed = (client: PlatformClient, state: string) =>
  until(
    `it is ${state}`,
    async () => {
      const view = await mine(client)
      return view.observed === state && view
    },
    WAIT_MS,
  )

/** The memory of a machine with room for `count` instances, less what those of these handles take. */
function roomFor(count: number, handles: string[]): () => number {
  const isUp = (handle: string) => findProcesses(`MATRIX_HANDLE=${handle}`, api.env.DATA_DIR).length > 0
  return () => RESERVE + (count - handles.filter(isUp).length) * START
}

/** The cookie that the hand-off gives for this instance's host. */
async function cookieOf(client: PlatformClient, handle: string): Promise<string> {
  const asked = await api.ask(`${handle}.localhost`, visit('/'))
  const nonce = asked.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const launched = await client.browser.navigate(asked.headers.location ?? '', { redirect: 'manual' })
  const url = launched.headers.get('location') ?? ''
  await client.browser.navigate(url, { redirect: 'manual', headers: { cookie: nonce } })
  const app = client.browser.jar.get(`${handle}.localhost`, COOKIES.app.name)
  return `${app?.name}=${app?.value}`
}

it('lets a new account begin asleep, tells its owner why, and starts it on a visit once there is room', async () => {
  let available = 0
  api = await startApi({ availableBytes: () => available, env: { WAKE_HOLD_S: '0.3' } })
  const client = await person('newcomer')
  const made = await observed(client, 'stopped')
  expect(made).toMatchObject({
    desired: 'asleep',
    isFirstStart: true,
    error: { code: 'capacity', message: expect.stringContaining('asleep') },
  })

  const cookie = await cookieOf(client, 'newcomer')
  const held = await api.ask('newcomer.localhost', sameOrigin('/', cookie))
  expect([held.status, held.headers['retry-after']]).toEqual([503, '5'])
  expect(JSON.parse(held.body)).toMatchObject({
    code: 'capacity',
    message: expect.stringContaining('short of memory'),
  })
  expect(await mine(client)).toMatchObject({
    desired: 'awake',
    observed: 'stopped',
    step: 'queued',
    line: 'Next in line.',
    error: { code: 'capacity', message: expect.stringContaining('automatically') },
  })
  expect(findProcesses('MATRIX_HANDLE=newcomer', api.env.DATA_DIR)).toEqual([])

  available = RESERVE + START
  expect((await waitUntilRunning(client)).error).toBeNull()
})

it('counts starts that have not taken their memory yet', async () => {
  const handles = ['burst-a', 'burst-b', 'burst-c', 'burst-d']
  api = await startApi({ availableBytes: roomFor(2, handles) })
  const clients = await Promise.all(handles.map(person))
  await until(
    'two run, and the others know why they do not',
    async () => {
      const views = await Promise.all(clients.map(mine))
      const running = views.filter((view) => view.observed === 'running')
      const waiting = views.filter((view) => view.error?.code === 'capacity')
      return running.length === 2 && waiting.length === 2
    },
    WAIT_MS,
  )
})

it('puts the longest idle to sleep for a visitor, and never one that is in use', async () => {
  api = await startApi({ availableBytes: roomFor(2, ['older', 'newer', 'visitor']) })
  const older = await person('older')
  await waitUntilRunning(older)
  const cookie = await cookieOf(older, 'older')
  const { headers } = await api.ask('older.localhost', sameOrigin('/', cookie))
  const upstream = String(headers[CHECK_RESPONSE_HEADERS.upstream])
  await api.leave(10_000)
  const newer = await person('newer')
  await waitUntilRunning(newer)
  await api.leave(20_000)

  const visitor = await person('visitor')
  await api.report({ [upstream]: 1 })
  await wakeInstance(visitor)
  await observed(newer, 'stopped')
  expect((await mine(older)).observed).toBe('running')
  await waitUntilRunning(visitor)

  // All are in use now: whoever comes next waits.
  await api.report({ [upstream]: 1 })
  await wakeInstance(newer)
  await until('it says why it waits', async () => (await mine(newer)).error?.code === 'capacity', WAIT_MS)
  expect([(await mine(older)).observed, (await mine(visitor)).observed]).toEqual(['running', 'running'])
  await api.leave(20_000)
  await api.report({})
  await putInstanceToSleep(newer)
  await wakeInstance(newer)
  await waitUntilRunning(newer)
})

it('puts nobody to sleep where that could not make room', async () => {
  let available = 100 * (RESERVE + START)
  let looks = 0
  const availableBytes = () => {
    looks++
    return available
  }
  api = await startApi({ availableBytes })
  const idle = await person('idle')
  await waitUntilRunning(idle)
  const visitor = await person('visitor')
  await waitUntilRunning(visitor)
  await putInstanceToSleep(visitor)
  await observed(visitor, 'stopped')
  await api.leave(20_000)
  await api.report({})
  available = 0
  await wakeInstance(visitor)
  await until('it waits', async () => (await mine(visitor)).error?.code === 'capacity', WAIT_MS)
  const before = looks
  await until('two more looks for room', async () => {
    await api.report({})
    return looks >= before + 2
  })
  expect(await mine(idle)).toMatchObject({ desired: 'awake', observed: 'running' })
})

it('starts whatever is asked for when the reserve is off', async () => {
  api = await startApi({ availableBytes: () => 0, env: { MEMORY_RESERVE_BYTES: 'off' } })
  await waitUntilRunning(await person('carefree'))
})
