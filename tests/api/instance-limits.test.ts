/** What one session and one computer may have open or waiting at a time, and what is said beyond that. */

import { signUp, waitUntilRunning } from '@matrixos/client'
import { CHECK_RESPONSE_HEADERS, type InstanceId, newId } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../apps/api/src/clock.ts'
import { COOKIES } from '../../apps/api/src/http/cookies.ts'
import { sameOrigin, startApi, type TestApi, visit } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

const LIMITED = { code: 'too_many_requests', status: 429, retryAfterS: expect.any(Number) }
const RETRY = { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) }

let api: TestApi
/** Starts of `waiting` go on when this resolves. */
const mayStart = Promise.withResolvers<void>()

beforeAll(async () => {
  api = await startApi({
    env: {
      TICKETS_PER_SESSION_PER_MINUTE: '3',
      STREAMS_PER_SESSION: '3',
      IN_FLIGHT_PER_INSTANCE: '5',
      WEBSOCKETS_PER_INSTANCE: '2',
      WAITING_PER_INSTANCE: '2',
    },
    runtime: (real) => ({
      ...real,
      start: async (spec) => {
        if (spec.handle === 'waiting') await mayStart.promise
        return await real.start(spec)
      },
    }),
  })
})
afterAll(() => api?.[Symbol.asyncDispose]())

async function newcomer(handle: string): Promise<PlatformClient> {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  return client
}

/** The cookie that the hand-off gives for this computer's host. */
async function enter(client: PlatformClient, handle: string): Promise<string> {
  const asked = await api.ask(`${handle}.localhost`, visit())
  const nonce = asked.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const launched = await client.browser.navigate(asked.headers.location ?? '', { redirect: 'manual' })
  const url = launched.headers.get('location') ?? ''
  await client.browser.navigate(url, { redirect: 'manual', headers: { cookie: nonce } })
  const app = client.browser.jar.get(`${handle}.localhost`, COOKIES.app.name)
  return `${app?.name}=${app?.value}`
}

it('limits the tickets that one session takes', async () => {
  const client = await newcomer('opener')
  const query = new URLSearchParams({ handle: 'opener', rt: '/', n: 'n'.repeat(43) })
  const launch = () =>
    client.browser.navigate(`${client.hosts.appOrigin}/launch?${query}`, { redirect: 'manual' })
  const statuses = []
  for (let i = 0; i < 3; i++) statuses.push((await launch()).status)
  expect(statuses).toEqual([303, 303, 303])
  const refused = await launch()
  expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
  expect(await refused.text()).toMatch(
    /opened your computer too often in the last minute\. Try again in (1 minute|\d+ seconds?)\./,
  )
})

it('limits the streams that one session has open, of the dashboard and of the waiting page together', async () => {
  const client = await newcomer('tabs')
  await enter(client, 'tabs')
  const { id: instanceId } = await client.trpc.tenants.mine.query()
  const tab = () => {
    const opened = Promise.withResolvers<void>()
    const { unsubscribe } = client.trpc.tenants.watch.subscribe(
      { instanceId },
      {
        onData: () => opened.resolve(),
        onError: opened.reject,
      },
    )
    return { opened: opened.promise, unsubscribe }
  }
  const tabs = [tab(), tab(), tab()]
  await Promise.all(tabs.map(({ opened }) => opened))
  // One more is told so in its stream, and does not resume it for ever.
  expect(await refusal(tab().opened)).toMatchObject(LIMITED)
  const waitingPage = await client.browser.fetch(`${client.hosts.instanceOrigin('tabs')}/.mos/progress`)
  expect([waitingPage.status, Number(waitingPage.headers.get('retry-after')) > 0]).toEqual([429, true])
  expect(await waitingPage.json()).toMatchObject({ code: 'too_many_requests' })

  for (const { unsubscribe } of tabs) unsubscribe()
  const again = async () => {
    const { opened, unsubscribe } = tab()
    const isOpen = await opened.then(
      () => true,
      () => false,
    )
    unsubscribe()
    return isOpen
  }
  await until('a closed tab makes room', again)
})

it('counts no stream that was refused', async () => {
  const client = await newcomer('stray')
  const watch = (instanceId: InstanceId) =>
    new Promise<'open'>((resolve, reject) => {
      const { unsubscribe } = client.trpc.tenants.watch.subscribe(
        { instanceId },
        {
          onData: () => {
            unsubscribe()
            resolve('open')
          },
          onError: (error) => {
            unsubscribe()
            reject(error)
          },
        },
      )
    })
  for (let i = 0; i < 4; i++) expect((await refusal(watch(newId('ins', systemClock)))).code).toBe('not_found')
  expect(await watch((await client.trpc.tenants.mine.query()).id)).toBe('open')
})

it('limits the WebSockets and requests that one computer has in flight', async () => {
  const client = await newcomer('busy')
  await waitUntilRunning(client)
  const cookie = await enter(client, 'busy')
  const ask = (upgrade = '') =>
    api.ask('busy.localhost', { ...sameOrigin('/', cookie), ...upgradeOf(upgrade) })
  const upgradeOf = (upgrade: string) => ({
    'x-mos-upgrade': upgrade,
    origin: client.hosts.instanceOrigin('busy'),
  })
  const { headers } = await ask()
  const upstream = String(headers[CHECK_RESPONSE_HEADERS.upstream])
  const sockets = [await ask('websocket'), await ask('websocket'), await ask('websocket')]
  expect(sockets.map(({ status }) => status)).toEqual([204, 204, 429])
  expect(sockets[2]?.headers).toMatchObject(RETRY)
  expect((await ask()).status).toBe(204)
  await api.report({ [upstream]: 5 })
  const refused = await ask()
  expect(refused).toMatchObject({ status: 429, headers: RETRY })
  expect(JSON.parse(refused.body).message).toContain('too many requests')
})

it('limits the requests that wait for one computer', async () => {
  const client = await newcomer('waiting')
  const cookie = await enter(client, 'waiting')
  const ask = () => api.ask('waiting.localhost', sameOrigin('/', cookie))
  const asked = [ask(), ask(), ask(), ask()]
  const refused = await Promise.any(
    asked.map(async (one) => {
      const answer = await one
      if (answer.status !== 429) throw new Error(`It was answered with ${answer.status}.`)
      return answer
    }),
  )
  expect(refused.headers).toMatchObject(RETRY)
  expect(JSON.parse(refused.body).message).toContain('waiting for this computer')
  mayStart.resolve()
  const statuses = (await Promise.all(asked)).map(({ status }) => status)
  expect(statuses.sort()).toEqual([204, 204, 429, 429])
})
