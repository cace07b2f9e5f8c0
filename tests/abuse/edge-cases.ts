/** Cases: what reaches an instance, what leaves it, and who may ask it. */
import { UpgradeRefused } from '@matrixos/testing/browser'
import { expect, it } from 'vitest'
import { COOKIES } from '../../apps/api/src/http/cookies.ts'
import { rawRequest } from './raw-request.ts'
import { refused, type Setup } from './setup.ts'

const SPOOFED = {
  plain: {
    'X-Mos-User': 'eve',
    'X-Mos-Role': 'eve',
    'X-Mos-Permissions': 'eve',
    'X-Platform-User-Id': 'eve',
    'X-Forwarded-Host': 'eve',
    Authorization: 'Bearer eve',
  },
  'with underscores': { X_Mos_User: 'eve', 'X-Mos_Role': 'eve', 'X_Mos-Permissions': 'eve' },
  'that Connection would remove': { 'X-Mos-User': 'eve', Connection: 'close, X-Mos-User, X-Mos-Role' },
  'in other letters': { 'x-mOs-uSeR': 'eve', 'X-MOS-ROLE': 'eve' },
} as const

/** Of `rawHeaders`: the values that a header has, whatever its case. */
function valuesOf(raw: readonly string[], name: string): string[] {
  return raw.filter((_, at) => at % 2 === 1 && raw[at - 1]?.toLowerCase() === name)
}

export function edgeCases(get: () => Setup): void {
  const cookieAt = (url: string) => get().ada.client.browser.jar.header(new URL(url))
  /** What ada's instance has been sent, but for looks at its health. */
  async function heard(): Promise<string[][]> {
    return (await get().ada.client.browser.fetch(`${get().ada.url}/heard`)).json()
  }
  const wss = () => `${get().ada.url.replace('https', 'wss')}/ws`
  const upgrade = (init: { from?: string; headers?: Record<string, string> }) =>
    get()
      .ada.client.browser.websocket(wss(), init)
      .then(
        (socket) => {
          socket.terminate()
          return 101
        },
        (error: unknown) => (error instanceof UpgradeRefused ? error.status : Promise.reject(error)),
      )

  it.each(Object.entries(SPOOFED))(
    'tells an instance who is really there: headers %s',
    async (_, headers) => {
      const url = `${get().ada.url}/echo`
      const { status, body } = await rawRequest(url, { headers: { ...headers, cookie: cookieAt(url) } })
      const raw: string[] = JSON.parse(body)
      expect([status, valuesOf(raw, 'x-mos-user'), valuesOf(raw, 'x-mos-role')]).toEqual([
        200,
        ['ada'],
        ['owner'],
      ])
      expect(body).not.toContain('eve')
    },
  )

  it('tells an instance who is really there at a WebSocket', async () => {
    expect(await upgrade({ headers: { 'X-Mos-User': 'eve', X_Mos_Role: 'eve' } })).toBe(101)
    const last = (await heard()).findLast(([line]) => line?.startsWith('UPGRADE')) ?? []
    expect(valuesOf(last.slice(1), 'x-mos-user')).toEqual(['ada'])
    expect(last.join()).not.toContain('eve')
  })

  it("shows no cookie of the platform's to an instance", async () => {
    const cookie = `own=1; ${cookieAt(get().ada.url)}; __Host-mos_sid=s; __Host-mos_rt=r`
    const { body } = await rawRequest(`${get().ada.url}/echo`, { headers: { cookie } })
    expect(body).toContain('own=1')
    expect(body).not.toContain('__Host-mos_')
    expect(await upgrade({})).toBe(101)
    expect(JSON.stringify(await heard())).not.toContain('__Host-mos_')
  })

  it('takes no cookie of the platform, and none for other hosts, from an instance', async () => {
    const url = `${get().ada.url}/bite`
    const { status, headers } = await rawRequest(url, { headers: { cookie: cookieAt(url) } })
    expect([status, headers['set-cookie']?.filter(Boolean)]).toEqual([200, ['own=1; Path=/']])
  })

  it('takes no cookie from an instance that answers a WebSocket', async () => {
    const { jar } = get().ada.client.browser
    const host = new URL(get().ada.url).hostname
    const before = jar.get(host, COOKIES.app.name)?.value
    expect(await upgrade({})).toBe(101)
    expect(jar.get(host, COOKIES.app.name)?.value).toBe(before)
    expect([jar.get(host, COOKIES.session.name), jar.get(host, 'wide')]).toEqual([undefined, undefined])
  })

  it('lets no instance clear what the browser keeps', async () => {
    const url = `${get().ada.url}/bite`
    const { status, headers } = await rawRequest(url, { headers: { cookie: cookieAt(url) } })
    expect([status, headers['clear-site-data']]).toEqual([200, undefined])
  })

  it.each(['GET', 'POST', 'PUT', 'DELETE'])(
    "refuses another instance's %s with the owner's cookies",
    async (method) => {
      const { ada, mallory } = get()
      const before = (await heard()).length
      const init = { from: mallory.url, method, headers: { 'content-type': 'text/plain' }, body: 'x' }
      expect((await ada.client.browser.fetch(`${ada.url}/steal`, init)).status).toBe(403)
      expect(await heard()).toHaveLength(before)
    },
  )

  it("refuses another instance's form", async () => {
    const { ada, mallory } = get()
    const before = (await heard()).length
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const init = { from: mallory.url, method: 'POST', headers, body: 'a=1' }
    expect((await ada.client.browser.navigate(`${ada.url}/steal`, init)).status).toBe(403)
    expect(await heard()).toHaveLength(before)
  })

  it.each<[string, () => { from?: string; headers?: Record<string, string> }]>([
    ["by another instance's page", () => ({ from: get().mallory.url })],
    ['by a page of the platform', () => ({ from: get().stack.hosts.landingOrigin })],
    ['by an opaque page', () => ({ headers: { origin: 'null' } })],
    ['by a page of a longer name', () => ({ from: `${get().ada.url.replace('//ada', '//xada')}` })],
    ['by nobody knows whom', () => ({ headers: { origin: '' } })],
  ])('refuses a WebSocket opened %s', async (_what, init) => {
    const before = (await heard()).length
    expect(await upgrade(init())).toBe(403)
    expect(await heard()).toHaveLength(before)
  })

  it('refuses whoever is not signed in', async () => {
    const { browser } = get().stack.client()
    expect((await browser.fetch(`${get().ada.url}/`)).status).toBe(401)
    await expect(browser.websocket(wss())).rejects.toMatchObject({ status: 401 })
  })

  it.each([
    ['admin', 400, 'handle_reserved'],
    ['app', 400, 'handle_reserved'],
    ['api', 400, 'handle_reserved'],
    ['xn--80ak6aa92e', 400, 'handle_malformed'],
    ['notes--ada', 400, 'handle_malformed'],
    ['ada.mallory', 400, 'handle_malformed'],
    ['//evil', 400, 'handle_malformed'],
    ['аda', 400, 'handle_malformed'],
    ['ADA', 409, 'handle_taken'],
  ])('refuses the handle %s', async (handle, status, code) => {
    const { auth } = get().stack.client().trpc
    expect(await refused(auth.registerPasskeyOptions.mutate({ handle }))).toEqual([status, code])
    const start = auth.registerTotpStart.mutate({ handle, password: 'a long enough phrase' })
    expect(await refused(start)).toEqual([status, code])
  })

  it('lets nobody frame the app, nor another site an instance', async () => {
    const { stack, ada } = get()
    for (const url of [stack.hosts.appOrigin, `${stack.hosts.appOrigin}/login`, stack.hosts.landingOrigin]) {
      const { headers } = await rawRequest(`${url}`)
      expect(String(headers['content-security-policy'])).toContain("frame-ancestors 'none'")
      expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    }
    const url = `${ada.url}/`
    const { headers } = await rawRequest(url, { headers: { cookie: cookieAt(url) } })
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain(`frame-ancestors 'self' ${stack.hosts.appOrigin}`)
  })
}
