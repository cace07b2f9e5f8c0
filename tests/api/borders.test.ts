/** What the api's hosts accept from whom. */

import { signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ pretended: true })
})
afterAll(() => api[Symbol.asyncDispose]())

const call = (origin: string, procedure: string, body: string) =>
  api.client().browser.fetch(`${origin}/trpc/${procedure}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-mos': '1' },
  })

it('reads no more than a small body', async () => {
  const { hosts } = api.client()
  for (const origin of [hosts.appOrigin, hosts.apiOrigin]) {
    const response = await call(
      origin,
      'auth.registerPasskeyOptions',
      JSON.stringify({ handle: 'x'.repeat(300_000) }),
    )
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('128 kB at most')
  }
})

it('answers nothing of accounts on the public host, and sets no cookie there', async () => {
  const { hosts } = api.client()
  const response = await call(hosts.apiOrigin, 'auth.loginPasskeyOptions', '{}')
  expect([response.status, response.headers.get('set-cookie')]).toEqual([404, null])
  const client = api.client()
  const stats = await client.browser.fetch(`${hosts.apiOrigin}/trpc/stats.public`, {
    from: 'https://elsewhere.example',
  })
  expect([stats.status, stats.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
})

it('takes a batch of ten calls, and no more', async () => {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: 'batcher' })
  const batch = (count: number) =>
    client.browser.fetch(`${client.hosts.appOrigin}/trpc/${Array(count).fill('auth.me').join(',')}?batch=1`, {
      headers: { 'x-mos': '1' },
    })
  expect((await batch(10)).status).toBe(200)
  expect((await batch(11)).status).toBe(400)
})

it('names the wrong field of an input', async () => {
  const client = api.client()
  const response = await call(client.hosts.appOrigin, 'auth.registerPasskey', '{"challengeId":"x"}')
  const { error } = await response.json()
  expect(error.data).toMatchObject({ httpStatus: 400, error: { code: 'invalid_input' } })
  expect(error.message).toMatch(/challengeId: .*response: /)
})
