/** Cases: sessions, stolen, kept after their end, or carried to another host. */
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { COOKIES } from '../../apps/api/src/http/cookies.ts'
import { audited, REVOKED_MS, refused, type Setup } from './setup.ts'

const SIGNED_OUT = [401, 'unauthorized']

export function sessionCases(get: () => Setup): void {
  const statusAt = async (client: PlatformClient, url: string) =>
    (await client.browser.fetch(`${url}/`)).status
  const refreshCookie = (client: PlatformClient) =>
    client.browser.jar.get(client.hosts.app, COOKIES.refresh.name)
  const refresh = (client: PlatformClient, token: string) =>
    get()
      .stack.client()
      .browser.fetch(`${client.hosts.appOrigin}/trpc/auth.refresh`, {
        method: 'POST',
        headers: {
          ...{ 'x-mos': '1', 'content-type': 'application/json' },
          cookie: `${COOKIES.refresh.name}=${token}`,
        },
      })

  /** A browser that is signed in at ada's instance too, with a WebSocket open there, and its end. */
  async function inside() {
    const { again, ada } = get()
    const client = await again(ada)
    await openInstance(client, `${ada.url}/`)
    const socket = await client.browser.websocket(`${ada.url.replace('https', 'wss')}/ws`)
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    return { client, closed }
  }
  async function expectOut({ client, closed }: Awaited<ReturnType<typeof inside>>) {
    const began = performance.now()
    await closed
    await until('it lets nobody in', async () => (await statusAt(client, get().ada.url)) === 401, REVOKED_MS)
    expect(performance.now() - began).toBeLessThan(REVOKED_MS)
    expect(await refused(client.trpc.auth.me.query())).toEqual(SIGNED_OUT)
  }

  it('gives two refreshes at once one successor', async () => {
    const client = await get().again(get().ada)
    const token = refreshCookie(client)?.value ?? ''
    const answers = await Promise.all([refresh(client, token), refresh(client, token)])
    const successors = answers.map((answer) =>
      answer.headers.getSetCookie().find((cookie) => cookie.startsWith(COOKIES.refresh.name)),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(successors[0]).toBe(successors[1])
    expect(successors[0]).not.toContain(token)
  })

  it('ends the whole session when an old refresh token comes back, and audits it', async () => {
    const { again, ada, sql } = get()
    const client = await again(ada)
    const old = refreshCookie(client)?.value ?? ''
    await client.trpc.auth.refresh.mutate()
    const { id } = (await client.trpc.auth.sessions.list.query()).find(({ current }) => current) ?? {}
    await sql`update sessions set refreshed_at = refreshed_at - interval '11 seconds' where id = ${id ?? ''}`
    const before = await audited(sql, 'ada', 'refresh_token_reused')
    expect((await refresh(client, old)).status).toBe(401)
    expect(await refused(client.trpc.auth.me.query())).toEqual(SIGNED_OUT)
    expect(await refused(client.trpc.auth.refresh.mutate())).toEqual(SIGNED_OUT)
    expect(await audited(sql, 'ada', 'refresh_token_reused')).toBe(before + 1)
  })

  it('reads a tampered session cookie as nobody', async () => {
    const client = await get().again(get().ada)
    const { jar } = client.browser
    const cookie = jar.get(client.hosts.app, COOKIES.session.name)
    if (cookie) jar.set({ ...cookie, value: `${cookie.value.slice(0, -4)}AAAA` })
    expect(await refused(client.trpc.auth.me.query())).toEqual(SIGNED_OUT)
  })

  it('lets nobody into an instance after a sign-out, and ends what is open there', async () => {
    const browser = await inside()
    await browser.client.trpc.auth.logout.mutate()
    await expectOut(browser)
  })

  it('lets nobody into an instance whose session another one revoked, and ends what is open there', async () => {
    const browser = await inside()
    const owner = await get().again(get().ada)
    const sessions = await browser.client.trpc.auth.sessions.list.query()
    await owner.trpc.auth.sessions.revoke.mutate({
      id: sessions.find(({ current }) => current)?.id ?? 'ses_',
    })
    await expectOut(browser)
  })

  it("revokes no session of another person's", async () => {
    const [victim] = await get().ada.client.trpc.auth.sessions.list.query()
    const attack = get().mallory.client.trpc.auth.sessions.revoke.mutate({ id: victim?.id ?? 'ses_' })
    expect((await refused(attack))[0]).toBe(404)
    await expect(get().ada.client.trpc.auth.me.query()).resolves.toMatchObject({ handle: 'ada' })
  })

  it("lets nobody into an instance with another host's cookie", async () => {
    const { mallory, ada } = get()
    const cookie = mallory.client.browser.jar.get(new URL(mallory.url).hostname, COOKIES.app.name)
    const answer = await get()
      .stack.client()
      .browser.fetch(`${ada.url}/`, {
        headers: { cookie: `${COOKIES.app.name}=${cookie?.value}` },
      })
    expect([cookie !== undefined, answer.status]).toEqual([true, 401])
  })
}
