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
