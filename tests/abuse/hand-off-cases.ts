/** Cases: tickets, stolen, used again, or led astray. */
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { expect, it } from 'vitest'
import { COOKIES } from '../../apps/api/src/http/cookies.ts'
import type { Setup } from './setup.ts'

const EVIL = ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example', 'evil.example']

export function handOffCases(get: () => Setup): void {
  const manual = { redirect: 'manual' } as const

  /** A browser of ada's that is not signed in at her instance yet, with a ticket for it, unspent. */
  async function withTicket(rt = '/') {
    const { again, ada } = get()
    const client = await again(ada)
    const asked = await client.browser.navigate(`${ada.url}${rt}`, manual)
    const launched = await client.browser.navigate(asked.headers.get('location') ?? '', manual)
    return { client, launched, url: launched.headers.get('location') ?? '' }
  }
  const spend = async (client: PlatformClient, url: string) =>
    (await client.browser.navigate(url, manual)).status
  const appCookie = (client: PlatformClient, url: string) =>
    client.browser.jar.get(new URL(url).hostname, COOKIES.app.name)

  it('takes a ticket once', async () => {
    const { client, url } = await withTicket()
    const nonce = client.browser.jar.get(new URL(url).hostname, COOKIES.handOff.name)
    expect(await spend(client, url)).toBe(303)
    const thief = get().stack.client()
    if (nonce) thief.browser.jar.set(nonce)
    expect([nonce !== undefined, await spend(thief, url)]).toEqual([true, 400])
    expect(appCookie(thief, url)).toBeUndefined()
  })

  it('takes a ticket only at the host that it is for', async () => {
    const { client, url } = await withTicket()
    const moved = url.replace('//ada.', '//mallory.')
    await client.browser.navigate(`${get().mallory.url}/`, manual)
    expect(await spend(client, moved)).toBe(400)
    expect(appCookie(client, moved)).toBeUndefined()
  })

  it.each(['without its nonce', 'with a nonce of its own'])(
    'takes no ticket from another browser, %s',
    async (how) => {
      const { url } = await withTicket()
      const thief = get().stack.client()
      if (how !== 'without its nonce') await thief.browser.navigate(`${get().ada.url}/`, manual)
      // A first try spends it, whatever comes of it.
      expect(await spend(thief, url)).toBe(400)
      expect(appCookie(thief, url)).toBeUndefined()
    },
  )

  it('takes no ticket that is older than 30 seconds', async () => {
    const { client, url } = await withTicket()
    await get().sql`update tickets set expires_at = expires_at - interval '31 seconds'`
    expect(await spend(client, url)).toBe(400)
  })

  it('takes no ticket of a session that has ended', async () => {
    const { client, url } = await withTicket()
    await client.trpc.auth.logout.mutate()
    expect(await spend(client, url)).toBe(400)
  })

  it('keeps a ticket out of referrers and caches', async () => {
    const { launched } = await withTicket()
    expect(launched.headers.get('referrer-policy')).toBe('no-referrer')
    expect(launched.headers.get('cache-control')).toBe('no-store')
  })

  it.each(EVIL)('leads nobody away at the launch: rt=%s', async (rt) => {
    const { again, ada, stack } = get()
    const query = new URLSearchParams({ handle: 'ada', rt, n: 'n'.repeat(43) })
    const answer = await (await again(ada)).browser.navigate(
      `${stack.hosts.appOrigin}/launch?${query}`,
      manual,
    )
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
  })

  it.each(EVIL)('leads nobody away at the end: rt=%s', async (rt) => {
    const { client, url } = await withTicket()
    const evil = new URL(url)
    evil.searchParams.set('rt', rt)
    expect(await spend(client, evil.href)).toBe(400)
    // Nor one who is signed in there, for whom a spent ticket goes on.
    const answer = await get().ada.client.browser.navigate(evil.href, manual)
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
  })

  it("hands nobody a ticket to another's instance", async () => {
    const { mallory, ada } = get()
    const asked = await mallory.client.browser.navigate(`${ada.url}/`, manual)
    const answer = await mallory.client.browser.navigate(asked.headers.get('location') ?? '', manual)
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null])
  })
}
