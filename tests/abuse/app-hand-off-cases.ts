/** Cases: tickets and sessions of an app's host, moved to where they are not for. */
import { expect, it } from 'vitest'
import { COOKIES } from '../../apps/api/src/http/cookies.ts'
import { rawRequest } from './raw-request.ts'
import type { Setup } from './setup.ts'

const EVIL = ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example']

export function appHandOffCases(get: () => Setup): void {
  const manual = { redirect: 'manual' } as const
  const appAt = (app: string) => get().stack.hosts.instanceAppOrigin('ada', app)

  /** A ticket of ada's for her game, unspent. */
  async function withTicket() {
    const { ada } = get()
    const { browser } = ada.client
    let url = `${ada.url}/.mos/app-launch?app=game`
    for (let hop = 0; hop < 3; hop++)
      url = (await browser.navigate(url, manual)).headers.get('location') ?? expect.unreachable(url)
    return { browser, url }
  }

  it('takes a ticket of an app from no other browser, and then from nobody', async () => {
    const { url } = await withTicket()
    const thief = get().stack.client()
    expect((await thief.browser.navigate(url, manual)).status).toBe(400)
    expect(thief.browser.jar.get(new URL(url).hostname, COOKIES.app.name)).toBeUndefined()
  })

  it('takes a ticket of an app at no other app', async () => {
    const { browser, url } = await withTicket()
    const moved = url.replace('//game--', '//other--')
    expect((await browser.navigate(moved, manual)).status).toBe(400)
    expect(browser.jar.get(new URL(moved).hostname, COOKIES.app.name)).toBeUndefined()
  })

  it('takes the session of an app at no other app, and not at the computer', async () => {
    const { browser, url } = await withTicket()
    expect((await browser.navigate(url, manual)).status).toBe(303)
    const token = browser.jar.get(new URL(url).hostname, COOKIES.app.name)?.value
    const headers = { cookie: `${COOKIES.app.name}=${token}` }
    const statusAt = async (origin: string) => (await rawRequest(`${origin}/`, { headers })).status
    expect(token).toBeTruthy()
    expect(await statusAt(appAt('game'))).not.toBe(401)
    expect(await Promise.all([appAt('other'), get().ada.url].map(statusAt))).toEqual([401, 401])
  })

  it.each(EVIL)('leads nobody away from an app: rt=%s', async (rt) => {
    const { ada } = get()
    const query = new URLSearchParams({ app: 'game', rt, n: 'n'.repeat(43) })
    const answer = await ada.client.browser.navigate(`${ada.url}/.mos/app-launch?${query}`, manual)
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
  })
}
