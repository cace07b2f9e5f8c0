/** The api over plain HTTP: what programs without a tRPC client get of `api.DOMAIN`. */

import { signUp } from '@matrixos/client'
import type { Scope } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'

let api: TestApi
let origin: string
beforeAll(async () => {
  api = await startApi({ pretended: true, env: { API_REQUESTS_PER_NETWORK_PER_MINUTE: '40' } })
  origin = api.client().hosts.apiOrigin
}, 120_000)
afterAll(() => api[Symbol.asyncDispose]())

const ask = (
  path: string,
  { headers = {}, ...init }: { method?: string; headers?: Record<string, string>; body?: string } = {},
) => api.client().browser.fetch(`${origin}${path}`, { headers, ...init })

async function tokenOf(handle: string, scopes: Scope[]) {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  const { token } = await client.trpc.tokens.create.mutate({ name: 'test', scopes })
  return { authorization: `Bearer ${token}` }
}

describe('a public read', () => {
  it('answers anyone, on any page, and says how many requests are left', async () => {
    const answer = await ask('/stats')
    expect([answer.status, await answer.json()]).toEqual([200, { running: 0, instances: 0, signUp: 'open' }])
    const { headers } = answer
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('cache-control')).toBe('public, max-age=5')
    expect(headers.get('ratelimit-policy')).toBe('"network";q=40;w=60')
    expect(headers.get('ratelimit')).toMatch(/^"network";r=\d+;t=\d+$/)
  })

  it('is not sent again to whoever has it', async () => {
    const tag = (await ask('/stats')).headers.get('etag') ?? ''
    for (const mark of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await ask('/stats', { headers: { 'if-none-match': mark } })
      expect([mark, again.status, await again.text()]).toEqual([mark, 304, ''])
    }
    expect((await ask('/stats', { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  it('says by which methods it can be asked', async () => {
    const answer = await ask('/stats', { method: 'DELETE' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    expect(await answer.json()).toMatchObject({ status: 405, code: 'method_not_allowed' })
  })
})

describe('a read of one’s own', () => {
  it('wants a token, and answers it alone', async () => {
    const without = await ask('/computer')
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(without.headers.get('content-type')).toBe('application/problem+json')
    expect(await without.json()).toMatchObject({ type: 'about:blank', status: 401, code: 'unauthorized' })

    const authorization = await tokenOf('ada', ['tenant:read'])
    const answer = await ask('/computer', { headers: authorization })
    expect(await answer.json()).toMatchObject({ handle: 'ada' })
    expect(answer.headers.get('cache-control')).toBe('private, no-cache')
    expect(answer.headers.get('vary')).toContain('Authorization')
  })

  it('refuses a token without the scope, and a wrong one', async () => {
    const other = await ask('/computer', { headers: await tokenOf('bob', ['quota:read']) })
    expect([other.status, await other.json()]).toMatchObject([403, { code: 'forbidden' }])
    const wrong = await ask('/computer', { headers: { authorization: 'Bearer mos_nothing' } })
    expect([wrong.status, await wrong.json()]).toMatchObject([401, { code: 'unauthorized' }])
  })
})

it('describes every address that it has', async () => {
  const document = await (await ask('/openapi.json')).json()
  expect(document).toMatchObject({ openapi: '3.1.1', servers: [{ url: origin }] })
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/stats', '/computer']))
})

it('has a page about them for people, which runs and loads nothing', async () => {
  const answer = await ask('/')
  const text = await answer.text()
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  expect(text).toContain('/computers/{instanceId}/wake')
  expect(text).not.toMatch(/<script|src=/)
})

it('answers with a problem where nothing is', async () => {
  const answer = await ask('/nowhere')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
})

it('stops answering a network that asks too much', async () => {
  let answer = await ask('/stats')
  for (let asked = 0; asked < 40 && answer.status !== 429; asked++) answer = await ask('/stats')
  expect([answer.status, await answer.json()]).toMatchObject([429, { code: 'too_many_requests' }])
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(answer.headers.get('ratelimit')).toMatch(/r=0;/)
})
