/** Cases: administration, by those who are no administrators, and links that were meant for somebody else. */
import { join } from 'node:path'
import { logIn } from '@matrixos/client'
import { ROOT } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'
import type { UserId } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { act } from '../support/administrator.ts'
import { rawRequest } from './raw-request.ts'
import { ageProofs, REVOKED_MS, refused, type Setup } from './setup.ts'

const FORBIDDEN = [403, 'forbidden']

export function adminCases(get: () => Setup): void {
  async function idOf(handle: string): Promise<UserId> {
    const [row] = await get().sql<{ id: UserId }[]>`select id from users where handle = ${handle}`
    if (!row) throw new Error(`Nobody is called ${handle}.`)
    return row.id
  }
  /** The secret in the link that `npm run admin -- grant` prints. */
  async function grant(handle: string): Promise<string> {
    const { dataDir, runDir } = get().stack
    const { output } = await runCommand(process.execPath, [join(ROOT, 'scripts/admin.ts'), 'grant', handle], {
      cwd: ROOT,
      env: { ...process.env, DATA_DIR: dataDir, RUN_DIR: runDir },
    })
    return /#([\w-]+)/.exec(output)?.[1] ?? ''
  }
  let made: Promise<PlatformClient> | undefined
  const administrator = () => (made ??= makeAdministrator())
  async function makeAdministrator(): Promise<PlatformClient> {
    const { client } = await get().newcomer('rootadmin')
    await client.trpc.admin.accept.mutate({ secret: await grant('rootadmin') })
    return client
  }

  it("refuses an administrator's calls to everybody else", async () => {
    const { admin } = (await get().again(get().mallory)).trpc
    const [ada, mallory] = [await idOf('ada'), await idOf('mallory')]
    const selection = { ids: [ada] }
    for (const call of [
      () => admin.overview.query(),
      () => admin.people.list.query({}),
      () => admin.people.get.query({ handle: 'ada' }),
      () => admin.people.log.query({ handle: 'ada' }),
      () => admin.people.preview.mutate({ action: 'suspend', selection }),
      () => admin.people.suspend.mutate({ ...selection, token: 'x', reason: 'None at all.' }),
      () => admin.people.revokeSessions.mutate({ ...selection, token: 'x' }),
      () => admin.people.setRole.mutate({ id: mallory, role: 'admin' }),
      () => admin.people.enrolmentLink.mutate({ id: ada, proof: 'None at all.' }),
      () => admin.invites.list.query({}),
      () => admin.invites.create.mutate({}),
      () => admin.audit.search.query({}),
      () => admin.settings.get.query(),
      () => admin.settings.set.mutate({ name: 'sign_up', value: 'closed' }),
      () => admin.server.grant.mutate({ handle: 'mallory' }),
      () => admin.server.revoke.mutate({ handle: 'rootadmin' }),
    ])
      expect([String(call), await refused(call())]).toEqual([String(call), FORBIDDEN])
  })

  it('takes the link that makes an administrator from its person alone, once', async () => {
    const { client } = await get().newcomer('chosen')
    const secret = await grant('chosen')
    expect(secret).not.toBe('')
    const accept = ({ trpc }: PlatformClient) => trpc.admin.accept.mutate({ secret })
    const thief = await get().again(get().mallory)
    expect((await refused(accept(thief)))[0]).toBeGreaterThanOrEqual(400)
    const outcomes = await Promise.allSettled([accept(client), accept(client), accept(client)])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await refused(thief.trpc.admin.overview.query())).toEqual(FORBIDDEN)
  })

  it('wants a fresh proof of an administrator before what is hard to take back', async () => {
    const client = await administrator()
    await ageProofs(get().sql, 'rootadmin')
    const OLD = [403, 'step_up_required']
    const { people } = client.trpc.admin
    const id = await idOf('mallory')
    expect(await refused(people.setRole.mutate({ id, role: 'admin' }))).toEqual(OLD)
    const link = people.enrolmentLink.mutate({ id, proof: 'None at all.' })
    expect(await refused(link)).toEqual(OLD)
    await get().sql`update sessions set authenticated_at = now()`
  })

  it('lets an enrolment link in once, and tells the other sessions of its owner', async () => {
    const { newcomer, stack } = get()
    const { client } = await newcomer('locked-out')
    const { people } = (await administrator()).trpc.admin
    const id = await idOf('locked-out')
    const { url } = await people.enrolmentLink.mutate({ id, proof: 'Lost every device.' })
    const secret = new URL(url).hash.slice(1)
    const redeem = async () => {
      const { auth } = stack.client().trpc
      const { challengeId, options } = await auth.enrolment.passkeyOptions.mutate({ secret })
      const response = createAuthenticator().create(options, { origin: stack.hosts.appOrigin })
      return auth.enrolment.passkey.mutate({ secret, challengeId, response })
    }
    const outcomes = await Promise.allSettled([redeem(), redeem(), redeem()])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await refused(redeem()))[0]).toBeGreaterThanOrEqual(400)
    const kinds = (await client.trpc.auth.notices.list.query()).map(({ kind }) => kind)
    expect(kinds.length).toBeGreaterThan(0)
  })

  it('puts a suspended person out of everything within seconds, and tells them alone', async () => {
    const { ada, again, stack } = get()
    const client = await again(ada)
    await openInstance(client, `${ada.url}/`)
    const socket = await client.browser.websocket(`${ada.url.replace('https', 'wss')}/ws`)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const { token } = await client.trpc.tokens.create.mutate({ name: 'test', scopes: ['tenant:read'] })
    const byToken = async () => {
      const headers = { authorization: `Bearer ${token}` }
      return (await rawRequest(`${stack.hosts.apiOrigin}/trpc/tenants.mine`, { headers })).status
    }
    expect(await byToken()).toBe(200)
    const admin = await administrator()
    const began = performance.now()
    await act(admin, 'suspend', [await idOf('ada')])
    await closed
    const status = async () => (await client.browser.fetch(`${ada.url}/`)).status
    await until('the instance refuses', async () => (await status()) === 403, REVOKED_MS)
    await until('the token is refused', async () => (await byToken()) === 403, REVOKED_MS)
    expect(await refused(client.trpc.auth.me.query())).toEqual([401, 'unauthorized'])
    expect(performance.now() - began).toBeLessThan(REVOKED_MS)
    const login = logIn({ client: stack.client(), authenticator: ada.authenticator })
    expect(await refused(login)).toEqual([403, 'account_suspended'])
    const wrong = { handle: 'ada', password: 'not the right phrase', code: '123456' }
    const guess = stack.client().trpc.auth.loginTotp.mutate(wrong)
    expect(await refused(guess)).toEqual([401, 'credential_refused'])
    await act(admin, 'unsuspend', [await idOf('ada')])
  })
}
