/** The way into apps: from the computer's host by a ticket, for whoever is signed in there, and for as long. */
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { COOKIES } from '../../apps/api/src/http/cookies.ts'
import { callbackPath, sameOrigin, startApi, type TestApi, visit } from '../support/api.ts'
import { enter, enterApp, ticketFor } from '../support/enter.ts'
import { type FakeRuntime, openFakeRuntime } from '../support/fake-runtime.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const FRAME = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' }
const manual = { redirect: 'manual' } as const

let fake: FakeRuntime
let api: TestApi
beforeAll(async () => {
  fake = await openFakeRuntime()
  api = await startApi({ runtime: () => fake.runtime, env: { APP_CERTIFICATES_PER_INSTANCE_PER_DAY: '2' } })
})
afterAll(async () => {
  await api?.[Symbol.asyncDispose]()
  await fake?.[Symbol.asyncDispose]()
})

/** Somebody whose computer is awake, and who is signed in there. */
async function person(handle: string) {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  await waitUntilRunning(client)
  const { id: instanceId } = await client.trpc.tenants.mine.query()
  return {
    client,
    handle,
    instanceId,
    cookie: await enter(api, client, handle),
    game: `game--${handle}.localhost`,
  }
}
const pairOf = (cookie: string) => cookie.split(';')[0] ?? ''
const open = (host: string, cookie: string) => api.ask(host, sameOrigin('/', pairOf(cookie)))
const address = (host: string, path: string) => `${api.env.PUBLIC_URL.replace('localhost', host)}${path}`
const spend = (client: PlatformClient, url: string, nonce: string) =>
  client.browser.navigate(url, { ...manual, headers: { cookie: nonce } })

it('leads from the computer to its app, in a tab and in a frame, and to that host alone', async () => {
  const ada = await person('ada1')
  const tab = await enterApp(api, ada.client, ada.game)
  expect(tab).toMatch(/HttpOnly; Secure; SameSite=Lax$/)
  const frame = await enterApp(api, ada.client, ada.game, FRAME)
  expect(frame).toMatch(/HttpOnly; Secure; SameSite=None; Partitioned$/)
  for (const cookie of [tab, frame]) {
    const answer = await open(ada.game, cookie)
    expect(answer).toMatchObject({
      status: 204,
      headers: {
        'x-mos-app': 'game',
        'x-mos-role': 'owner',
        'x-mos-user': 'ada1',
        'x-mos-permissions': 'ai',
      },
    })
    for (const host of ['chat--ada1.localhost', 'ada1.localhost'])
      expect((await open(host, cookie)).status).toBe(401)
  }
  expect((await open(ada.game, ada.cookie)).status).toBe(401)
})

it('begins there for the page of the computer, which knows no nonce', async () => {
  const ada = await person('ada2')
  const begun = await ada.client.browser.navigate(
    address('ada2.localhost', '/.mos/app-launch?app=game&rt=%2Flevel'),
    manual,
  )
  expect([begun.status, begun.headers.get('location')]).toEqual([
    302,
    address(ada.game, '/.mos/enter?rt=%2Flevel'),
  ])
  const done = await ada.client.browser.navigate(begun.headers.get('location') ?? '', manual)
  const launch = new URL(done.headers.get('location') ?? '')
  expect([launch.hostname, launch.searchParams.get('rt')]).toEqual(['ada2.localhost', '/level'])
})

it('refuses a ticket at another host, for another browser, twice, or after its time', async () => {
  const ada = await person('ada3')
  const status = async (url: string, nonce: string) => (await spend(ada.client, url, nonce)).status
  const elsewhere = await ticketFor(api, ada.client, ada.game)
  for (const host of ['chat--ada3.localhost', 'ada3.localhost']) {
    const { nonce, url } = await ticketFor(api, ada.client, ada.game)
    const answer = await spend(ada.client, url.replace(ada.game, host), nonce)
    expect(answer.headers.getSetCookie()).toEqual([])
    expect((await open(host, answer.headers.getSetCookie()[0] ?? '')).status).toBe(401)
  }
  expect(await status(elsewhere.url, `__Host-mos_st=${'n'.repeat(43)}`)).toBe(400)
  const twice = await ticketFor(api, ada.client, ada.game)
  expect(await status(twice.url, twice.nonce)).toBe(303)
  ada.client.browser.jar.delete(ada.game, COOKIES.app.name)
  expect(await status(twice.url, twice.nonce)).toBe(400)
})

it('sends whoever is signed in nowhere to sign in, and says so in a frame', async () => {
  const ada = await person('ada4')
  const stranger = api.client()
  const { url, status } = await ticketFor(api, stranger, ada.game)
  const login = new URL(url)
  expect([status, login.hostname, login.pathname]).toEqual([302, 'app.localhost', '/launch'])
  expect(login.searchParams.get('rt')).toMatch(/^\/\.mos\/app-launch\?app=game&rt=%2F&n=/)
  const asked = await api.ask(ada.game, { ...visit('/'), ...FRAME })
  const framed = await stranger.browser.navigate(asked.headers.location ?? '', { ...manual, headers: FRAME })
  expect(framed.status).toBe(401)
  expect(framed.headers.get('content-security-policy')).toContain(
    `frame-ancestors 'self' ${address('ada4.localhost', '')}`,
  )
  expect(await framed.text()).toContain('You are signed out here')
})

it('lets nobody through to what is not theirs', async () => {
  const [ada, bob] = [await person('ada5'), await person('bob5')]
  await ada.client.trpc.sharing.add.mutate({ ...ada, handle: 'bob5', canUseNotes: true })
  await enter(api, bob.client, 'ada5')
  expect((await ticketFor(api, bob.client, ada.game)).status).toBe(403)
  for (const query of ['', 'app=xn', 'app=Game', 'app=game&rt=//evil.example', 'app=game&n=short'])
    expect(
      (await ada.client.browser.navigate(address('ada5.localhost', `/.mos/app-launch?${query}`), manual))
        .status,
    ).toBe(400)
  // Each of the two paths is there on one kind of host.
  for (const [host, path] of [
    [ada.game, '/.mos/app-launch?app=game'],
    ['ada5.localhost', '/.mos/enter?rt=%2F'],
  ] as const)
    expect((await ada.client.browser.navigate(address(host, path), manual)).status).toBe(404)
})

it('ends with the session', async () => {
  const ada = await person('ada6')
  const cookie = await enterApp(api, ada.client, ada.game)
  expect((await open(ada.game, cookie)).status).toBe(204)
  const begun = await ticketFor(api, ada.client, ada.game)
  await ada.client.trpc.auth.logout.mutate()
  expect((await open(ada.game, cookie)).status).toBe(401)
  const refused = await spend(ada.client, begun.url, begun.nonce)
  expect([refused.status, new URL(begun.url).pathname]).toEqual([400, callbackPath])
})

it('allows certificates for apps that were opened from their computer, and for no others', async () => {
  const ada = await person('ada7')
  const ask = (name: string) => api.askCertificate(`${name}--ada7.localhost`)
  expect(await ask('game')).toBe(404)
  await enterApp(api, ada.client, ada.game)
  expect([await ask('game'), await ask('chat')]).toEqual([200, 404])
  for (const name of ['chat', 'third-one'])
    await ada.client.browser.navigate(address('ada7.localhost', `/.mos/app-launch?app=${name}`), manual)
  expect([await ask('game'), await ask('chat'), await ask('third-one')]).toEqual([200, 200, 404])
})
