/** The way into an instance, without an edge. */
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { COOKIES } from '../../apps/api/src/http/cookies.ts'
import { type TestApi, visit } from './api.ts'

/** Takes a signed-in person through the hand-off; answers the cookie of the instance's host. Wakes nothing. */
export async function enter(api: TestApi, client: PlatformClient, handle: string): Promise<string> {
  const asked = await api.ask(`${handle}.localhost`, visit('/'))
  const nonce = asked.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const launched = await client.browser.navigate(asked.headers.location ?? '', { redirect: 'manual' })
  const url = launched.headers.get('location') ?? ''
  await client.browser.navigate(url, { redirect: 'manual', headers: { cookie: nonce } })
  const app = client.browser.jar.get(`${handle}.localhost`, COOKIES.app.name)
  if (!app) throw new Error(`The hand-off gave no cookie for ${handle}.`)
  return `${app.name}=${app.value}`
}

/**
 * Takes somebody who is signed in at the computer on to one of its apps; answers the cookie of the app's host. The ticket is
 * spent there with `fetchMetadata`, as a tab or a frame has it.
 */
export async function enterApp(
  api: TestApi,
  client: PlatformClient,
  host: string,
  fetchMetadata: Record<string, string> = {},
): Promise<string> {
  const { nonce, url } = await ticketFor(api, client, host, fetchMetadata)
  const headers = { ...fetchMetadata, cookie: nonce }
  const spent = await client.browser.navigate(url, { redirect: 'manual', headers })
  const cookie = spent.headers.getSetCookie().find((each) => each.startsWith(COOKIES.app.name))
  if (!cookie) throw new Error(`The hand-off gave no cookie for ${host}.`)
  return cookie
}

/** The first half of that: a ticket, unspent, and the nonce that it fits. `host` without a port. */
export async function ticketFor(
  api: TestApi,
  client: PlatformClient,
  host: string,
  fetchMetadata: Record<string, string> = {},
) {
  const asked = await api.ask(host, { ...visit('/'), ...fetchMetadata })
  const nonce = asked.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const launched = await client.browser.navigate(asked.headers.location ?? '', { redirect: 'manual' })
  return { nonce, url: launched.headers.get('location') ?? '', status: launched.status }
}
