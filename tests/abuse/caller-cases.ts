/** Cases: calls of `app.DOMAIN/trpc` that the app did not make. */
import { expect, it } from 'vitest'
import { rawRequest } from './raw-request.ts'
import type { Setup } from './setup.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

export function callerCases(get: () => Setup): void {
  /** A sign-out with the victim's cookies, in everything as the app sends it but for these headers. */
  async function signOut(headers: Record<string, string>) {
    const { client } = get().ada
    const url = `${client.hosts.appOrigin}/trpc/auth.logout`
    const own = { ...JSON_TYPE, 'x-mos': '1', ...headers }
    const { status } = await client.browser.fetch(url, { method: 'POST', body: '{}', headers: own })
    await expect(client.trpc.auth.me.query()).resolves.toMatchObject({ handle: 'ada' })
    return status
  }

  it.each<[string, () => Record<string, string>, number]>([
    ['without the header x-mos', () => ({ 'x-mos': '' }), 403],
    ['with the Origin of an instance', () => ({ origin: get().mallory.url }), 403],
    ["with the Origin of the victim's own instance", () => ({ origin: get().ada.url }), 403],
    ['with the Origin of the landing page', () => ({ origin: get().stack.hosts.landingOrigin }), 403],
    ['with the Origin of the public api', () => ({ origin: get().stack.hosts.apiOrigin }), 403],
    ['with an opaque Origin', () => ({ origin: 'null' }), 403],
    ['with Sec-Fetch-Site: same-site', () => ({ 'sec-fetch-site': 'same-site' }), 403],
    ['with Sec-Fetch-Site: cross-site', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
    ['with Sec-Fetch-Site: none', () => ({ 'sec-fetch-site': 'none' }), 403],
    ['as a form', () => ({ 'content-type': 'application/x-www-form-urlencoded' }), 400],
    ['as a form of parts', () => ({ 'content-type': 'multipart/form-data; boundary=x' }), 400],
    ['as plain text', () => ({ 'content-type': 'text/plain' }), 400],
    ['without a content type', () => ({ 'content-type': '' }), 400],
  ])('refuses a call %s', async (_what, headers, status) => {
    expect(await signOut(headers())).toBe(status)
  })

  it('refuses a change by GET', async () => {
    const { client } = get().ada
    const url = `${client.hosts.appOrigin}/trpc/auth.logout`
    expect((await client.browser.fetch(url, { headers: { 'x-mos': '1' } })).status).toBe(405)
    expect((await client.browser.navigate(url, { from: get().mallory.url })).status).toBe(403)
    await expect(client.trpc.auth.me.query()).resolves.toMatchObject({ handle: 'ada' })
  })

  it('grants no page of an instance a preflight', async () => {
    const { headers } = await rawRequest(`${get().stack.hosts.appOrigin}/trpc/auth.me`, {
      method: 'OPTIONS',
      headers: {
        origin: get().mallory.url,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-mos, content-type',
      },
    })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
  })

  it("refuses the calls of the platform's own parts", async () => {
    const { hosts } = get().stack
    const { browser } = get().ada.client
    for (const [path, method] of [
      ['gate.routes', 'GET'],
      ['gate.reportInFlight', 'POST'],
    ] as const) {
      const init = {
        method,
        headers: { ...JSON_TYPE, 'x-mos': '1' },
        ...(method === 'POST' && { body: '{}' }),
      }
      expect([path, (await browser.fetch(`${hosts.appOrigin}/trpc/${path}`, init)).status]).toEqual([
        path,
        403,
      ])
      expect([path, (await browser.fetch(`${hosts.apiOrigin}/trpc/${path}`, init)).status]).toEqual([
        path,
        404,
      ])
    }
  })

  it('answers no question to the gate that comes from outside', async () => {
    const { ada, stack } = get()
    for (const origin of [ada.url, stack.hosts.appOrigin, stack.hosts.apiOrigin, stack.hosts.landingOrigin]) {
      const cookie = ada.client.browser.jar.header(new URL(origin))
      const { headers } = await rawRequest(`${origin}/gate`, { headers: { cookie, 'x-mos-uri': '/' } })
      expect(Object.keys(headers).filter((name) => name.startsWith('x-mos'))).toEqual([])
    }
  })
}
