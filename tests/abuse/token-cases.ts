/** Cases: API tokens and device logins beyond what was granted. */
import { DEVICE_GRANT, type Scope } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { rawRequest } from './raw-request.ts'
import { REVOKED_MS, refused, type Setup } from './setup.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

export function tokenCases(get: () => Setup): void {
  const { stringify } = JSON
  const apiUrl = (path: string) => `${get().stack.hosts.apiOrigin}/trpc/${path}`
  const call = (path: string, headers: Record<string, string>, body?: object) =>
    rawRequest(apiUrl(path), {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body && { body: stringify(body) }),
    })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  async function makeToken(scopes: Scope[]) {
    const client = await get().again(get().ada)
    const made = await client.trpc.tokens.create.mutate({ name: 'test', scopes })
    return { ...made, client }
  }
  const device = async (path: string, form: Record<string, string>): Promise<Record<string, string>> => {
    const url = `${get().stack.hosts.apiOrigin}/device/${path}`
    const body = new URLSearchParams(form).toString()
    return JSON.parse((await rawRequest(url, { method: 'POST', headers: FORM, body })).body)
  }
  async function beginDevice() {
    const client = { client_id: 'a tool' }
    const asked = await device('code', { ...client, scope: 'tenant:read' })
    const { user_code: userCode = '', device_code = '' } = asked
    return { userCode, poll: () => device('token', { ...client, grant_type: DEVICE_GRANT, device_code }) }
  }

  it('ignores cookies at the public api, and sets none', async () => {
    const { ada, stack } = get()
    const cookie = ada.client.browser.jar.header(new URL(stack.hosts.appOrigin))
    expect(cookie).toContain('__Host-mos_sid')
    const { status, headers } = await call('tenants.mine', { cookie, 'x-mos': '1' })
    expect([status, headers['set-cookie']]).toEqual([401, undefined])
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })

  it('refuses a token of another scope', async () => {
    const { token } = await makeToken(['feed:read', 'quota:read'])
    expect((await call('tenants.mine', bearer(token))).status).toBe(403)
    const reader = await makeToken(['tenant:read'])
    expect((await call('tenants.mine', bearer(reader.token))).status).toBe(200)
    const wake = { instanceId: get().ada.instanceId }
    expect((await call('tenants.wake', bearer(reader.token), wake)).status).toBe(403)
    expect((await call('tenants.delete', bearer(reader.token), { ...wake, handle: 'ada' })).status).toBe(403)
  })

  it("refuses another's instance to a token", async () => {
    const { token } = await makeToken(['tenant:read', 'tenant:control'])
    const input = { instanceId: get().mallory.instanceId }
    expect((await call('tenants.sleep', bearer(token), input)).status).toBe(404)
  })

  it("refuses a token at the app's own address", async () => {
    const { token } = await makeToken(['tenant:read'])
    const url = `${get().stack.hosts.appOrigin}/trpc/tenants.mine`
    expect((await rawRequest(url, { headers: { ...bearer(token), 'x-mos': '1' } })).status).toBe(401)
  })

  it('shows a token to no instance', async () => {
    const { token } = await makeToken(['tenant:read'])
    const url = `${get().ada.url}/echo`
    const cookie = get().ada.client.browser.jar.header(new URL(url))
    const { status, body } = await rawRequest(url, { headers: { ...bearer(token), cookie } })
    expect([status, body.includes(token)]).toEqual([200, false])
  })

  it('refuses a revoked token', async () => {
    const { token, view, client } = await makeToken(['tenant:read'])
    expect((await call('tenants.mine', bearer(token))).status).toBe(200)
    await client.trpc.tokens.revoke.mutate({ id: view.id })
    const isRefused = async () => (await call('tenants.mine', bearer(token))).status === 401
    await until('it is refused', isRefused, REVOKED_MS)
  })

  it('refuses a token whose time is over', async () => {
    const { token, view } = await makeToken(['tenant:read'])
    await get().sql`update api_tokens set expires_at = now() - interval '1 second' where id = ${view.id}`
    expect((await call('tenants.mine', bearer(token))).status).toBe(401)
  })

  it("revokes no token of another person's", async () => {
    const { token, view } = await makeToken(['tenant:read'])
    const attack = get().mallory.client.trpc.tokens.revoke.mutate({ id: view.id })
    expect(await refused(attack)).toEqual([404, 'not_found'])
    expect((await call('tenants.mine', bearer(token))).status).toBe(200)
  })

  it('refuses a token of a scope that its maker does not have', async () => {
    const client = await get().again(get().mallory)
    const made = client.trpc.tokens.create.mutate({ name: 'mine', scopes: ['admin:write'] })
    expect(await refused(made)).toEqual([403, 'forbidden'])
  })

  it('keeps no token and no recovery code that could be read from the database', async () => {
    const { token } = await makeToken(['tenant:read'])
    const tables = ['api_tokens', 'recovery_codes', 'sessions', 'audit_log', 'device_logins']
    for (const table of tables) {
      const rows = await get().sql`select to_jsonb(t) as row from ${get().sql(table)} t`
      expect([table, stringify(rows).includes(token.slice(8))]).toEqual([table, false])
    }
  })

  it('lets only the session that saw the code of a device approve it', async () => {
    const { userCode, poll } = await beginDevice()
    const first = await get().again(get().ada)
    await first.trpc.device.inspect.mutate({ userCode })
    for (const client of [await get().again(get().ada), await get().again(get().mallory)])
      for (const step of ['inspect', 'approve', 'deny'] as const)
        expect(await refused(client.trpc.device[step].mutate({ userCode }))).toEqual([404, 'not_found'])
    expect((await poll()).error).toBe('authorization_pending')
  })

  it('approves no device whose code nobody has looked at, and none on an old sign-in', async () => {
    const { userCode, poll } = await beginDevice()
    const client = await get().again(get().ada)
    expect(await refused(client.trpc.device.approve.mutate({ userCode }))).toEqual([404, 'not_found'])
    await client.trpc.device.inspect.mutate({ userCode })
    await get().sql`update sessions set authenticated_at = authenticated_at - interval '6 minutes'`
    expect(await refused(client.trpc.device.approve.mutate({ userCode }))).toEqual([403, 'step_up_required'])
    expect((await poll()).error).toMatch(/authorization_pending|slow_down/)
  })

  it('gives a device its token once', async () => {
    const { userCode, poll } = await beginDevice()
    const client = await get().again(get().ada)
    await client.trpc.device.inspect.mutate({ userCode })
    await client.trpc.device.approve.mutate({ userCode })
    const answers = await Promise.all(Array.from({ length: 8 }, poll))
    expect(answers.filter((answer) => answer.access_token)).toHaveLength(1)
  })
}
