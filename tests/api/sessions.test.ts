/** Sessions, the hand-off to an instance's host, and their ends. */

import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COOKIES } from '../../apps/api/src/http/cookies.ts'
import { callbackPath, sameOrigin, startApi, type TestApi, visit } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ pretended: true })
})
afterAll(() => api[Symbol.asyncDispose]())

async function person(handle: string): Promise<PlatformClient> {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  return client
}

/** Goes from the gate to the ticket's address; does not spend it. */
async function ticketFor(client: PlatformClient, handle: string, uri = '/notes?a=1?b=2') {
  const asked = await api.ask(`${handle}.localhost`, visit(uri))
  expect(asked.status).toBe(302)
  const nonce = asked.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const launched = await client.browser.navigate(asked.headers.location ?? '', { redirect: 'manual' })
  expect(launched.status).toBe(303)
  return { url: launched.headers.get('location') ?? '', nonce }
}

const spend = (client: PlatformClient, url: string, cookie: string) =>
  client.browser.navigate(url, { redirect: 'manual', headers: { cookie } })

describe('the question who is signed in', () => {
  it('is answered, not refused, for a visitor without an account', async () => {
    await expect(api.client().trpc.auth.session.query()).resolves.toBeNull()
  })

  it('is refused while the session can be renewed, so that it is', async () => {
    const client = await person('renewable')
    await expect(client.trpc.auth.session.query()).resolves.toMatchObject({ handle: 'renewable' })
    client.browser.jar.delete(client.hosts.app, COOKIES.session.name)
    expect((await refusal(client.trpc.auth.session.query())).code).toBe('unauthorized')
    await client.trpc.auth.refresh.mutate()
    await expect(client.trpc.auth.session.query()).resolves.toMatchObject({ handle: 'renewable' })
  })
})

describe('refresh', () => {
  it('gives two at once the same successor', async () => {
    const client = await person('refresh1')
    const tokens = await Promise.all([1, 2].map(() => client.trpc.auth.refresh.mutate()))
    expect(tokens).toEqual([{ ok: true }, { ok: true }])
    await expect(client.trpc.auth.me.query()).resolves.toBeTruthy()
    await expect(client.trpc.auth.refresh.mutate()).resolves.toEqual({ ok: true })
  })

  it('closes the session when an old token comes back', async () => {
    const client = await person('refresh2')
    const host = client.hosts.app
    const old = client.browser.jar.get(host, COOKIES.refresh.name)
    await client.trpc.auth.refresh.mutate()
    api.advance(11_000)
    if (old) client.browser.jar.set(old)
    expect((await refusal(client.trpc.auth.refresh.mutate())).code).toBe('unauthorized')
    expect((await refusal(client.trpc.auth.me.query())).code).toBe('unauthorized')
  })

  it('reads a tampered cookie as nobody', async () => {
    const client = await person('refresh3')
    const cookie = client.browser.jar.get(client.hosts.app, COOKIES.session.name)
    if (cookie) client.browser.jar.set({ ...cookie, value: `${cookie.value.slice(0, -4)}AAAA` })
    expect((await refusal(client.trpc.auth.me.query())).code).toBe('unauthorized')
  })
})

describe('the hand-off', () => {
  it('ends at the page that was asked for, with a session for that host alone', async () => {
    const client = await person('visitor')
    await waitUntilRunning(client)
    const { url, nonce } = await ticketFor(client, 'visitor')
    const back = await spend(client, url, nonce)
    expect([back.status, back.headers.get('location')]).toEqual([303, '/notes?a=1?b=2'])
    const app = client.browser.jar.get('visitor.localhost', COOKIES.app.name)
    const cookie = `${app?.name}=${app?.value}`
    const admitted = await api.ask('visitor.localhost', sameOrigin('/', cookie))
    expect(admitted).toMatchObject({
      status: 204,
      headers: {
        'x-mos-user': 'visitor',
        'x-mos-authorization': expect.stringMatching(/^Bearer [0-9a-f]{64}$/),
      },
    })
    await person('elsewhere')
    expect((await api.ask('elsewhere.localhost', sameOrigin('/', cookie))).status).toBe(401)
  })

  it('takes a ticket once, for its own host, from the browser that asked', async () => {
    const client = await person('tickets')
    await person('tickets2')
    const once = await ticketFor(client, 'tickets')
    expect((await spend(client, once.url, once.nonce)).status).toBe(303)
    expect((await spend(client, once.url, once.nonce)).status).toBe(400)
    const bare = await ticketFor(client, 'tickets')
    expect((await spend(client, bare.url, `${COOKIES.handOff.name}=${'x'.repeat(43)}`)).status).toBe(400)
    const moved = await ticketFor(client, 'tickets')
    expect((await spend(client, moved.url.replace('tickets.', 'tickets2.'), moved.nonce)).status).toBe(400)
    const late = await ticketFor(client, 'tickets')
    api.advance(31_000)
    expect((await spend(client, late.url, late.nonce)).status).toBe(400)
  })

  it('lets several tabs of one browser through at once', async () => {
    const client = await person('tabs')
    const first = await ticketFor(client, 'tabs')
    const asked = await api.ask('tabs.localhost', visit('/second', first.nonce))
    const second = await client.browser.navigate(asked.headers.location ?? '', { redirect: 'manual' })
    expect((await spend(client, first.url, first.nonce)).status).toBe(303)
    expect(
      (await spend(client, second.headers.get('location') ?? '', first.nonce)).headers.get('location'),
    ).toBe('/second')
  })

  it('goes on where a spent link is met again by somebody who is signed in there', async () => {
    const client = await person('backer')
    const { url, nonce } = await ticketFor(client, 'backer')
    await spend(client, url, nonce)
    const app = client.browser.jar.get('backer.localhost', COOKIES.app.name)
    const again = await spend(client, url, `${app?.name}=${app?.value}`)
    expect([again.status, again.headers.get('location')]).toEqual([303, '/notes?a=1?b=2'])
  })

  it('goes back to an address of more than 4,096 characters', async () => {
    const client = await person('lengthy')
    const uri = `/?${'q'.repeat(11_000)}`
    const { url, nonce } = await ticketFor(client, 'lengthy', uri)
    const done = await spend(client, url, nonce)
    expect([done.status, done.headers.get('location')]).toEqual([303, uri])
  })

  it('goes nowhere else afterwards', async () => {
    const client = await person('redirect')
    const { url, nonce } = await ticketFor(client, 'redirect')
    const evil = new URL(url)
    expect(evil.pathname).toBe(callbackPath)
    evil.searchParams.set('rt', '//evil.example')
    expect((await spend(client, evil.href, nonce)).status).toBe(400)
    const launch = `${client.hosts.appOrigin}/launch?${new URLSearchParams({ handle: 'redirect', rt: '//evil', n: 'n'.repeat(43) })}`
    expect((await client.browser.navigate(launch, { redirect: 'manual' })).status).toBe(400)
  })

  it("never opens another's instance", async () => {
    await person('owner1')
    const mallory = await person('mallory')
    const asked = await api.ask('owner1.localhost', visit('/'))
    const refused = await mallory.browser.navigate(asked.headers.location ?? '', { redirect: 'manual' })
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain('Only owner1 and people owner1 shares it with can open it.')
  })

  it('asks a person who is signed out to sign in first', async () => {
    await person('signedout')
    const asked = await api.ask('signedout.localhost', visit('/'))
    const sent = await api.client().browser.navigate(asked.headers.location ?? '', { redirect: 'manual' })
    expect(sent.status).toBe(302)
    expect(sent.headers.get('location')).toMatch(/^\/login\?next=%2Flaunch/)
  })
})

describe('the end of a session', () => {
  it('reaches the instance: log-out everywhere ends every browser', async () => {
    const client = await person('leaver')
    await waitUntilRunning(client)
    const { url, nonce } = await ticketFor(client, 'leaver')
    await spend(client, url, nonce)
    const app = client.browser.jar.get('leaver.localhost', COOKIES.app.name)
    const cookie = `${app?.name}=${app?.value}`
    expect((await api.ask('leaver.localhost', sameOrigin('/', cookie))).status).toBe(204)
    await expect(client.trpc.auth.logoutEverywhere.mutate()).resolves.toEqual({ sessions: 1 })
    expect((await api.ask('leaver.localhost', sameOrigin('/', cookie))).status).toBe(401)
    expect((await refusal(client.trpc.auth.me.query())).code).toBe('unauthorized')
  })

  it('comes by itself after a week without use', async () => {
    const client = await person('sleeper')
    api.advance(7 * 86_400_000 + 1000)
    expect((await refusal(client.trpc.auth.refresh.mutate())).code).toBe('unauthorized')
    api.advance(-7 * 86_400_000 - 1000)
  })
})

describe('callers other than the app', () => {
  it.each<[string, Record<string, string>, number]>([
    ['by the Origin of another instance', { origin: 'http://mallory.localhost' }, 403],
    ['by an opaque Origin', { origin: 'null' }, 403],
    ['by Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }, 403],
    ['by Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['by Sec-Fetch-Site: none', { 'sec-fetch-site': 'none' }, 403],
    ['without our header', { 'x-mos': '' }, 403],
    ['with plain text', { 'content-type': 'text/plain' }, 400],
    ['with a form', { 'content-type': 'application/x-www-form-urlencoded' }, 400],
    ['with a form of parts', { 'content-type': 'multipart/form-data; boundary=x' }, 400],
    ['with JSON by another name', { 'content-type': 'text/json' }, 400],
    ['without a content type', { 'content-type': '' }, 400],
  ])('are refused: %s alone', async (_what, headers, status) => {
    const client = await person(`caller${crypto.randomUUID().slice(0, 6)}`)
    const response = await client.browser.fetch(`${client.hosts.appOrigin}/trpc/auth.logout`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', 'x-mos': '1', ...headers },
    })
    expect(response.status).toBe(status)
    await expect(client.trpc.auth.me.query()).resolves.toBeTruthy()
  })

  it('cannot use the calls of the edge', async () => {
    const client = await person('serviceless')
    const refused = await refusal(client.trpc.gate.routes.query())
    expect(refused).toMatchObject({ code: 'forbidden', status: 403 })
  })
})
