/** Passes on a whole platform: who gets one, that the gate is not asked then, and everything that ends one. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { logIn, putInstanceToSleep, signUp } from '@matrixos/client'
import { PASS_COOKIE, PASS_FOLDER } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openNotes } from '../../apps/instance/src/testing/notes.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const PASS_S = 4
/** For the end of a session 5 s are promised; the rest is for a busy machine. */
const REVOKED_MS = 15_000

describeReal(['docker', 'caddy', 'postgres'], 'passes of a platform', () => {
  let stack: Stack
  beforeAll(async () => {
    stack = await bootStack({ parts: 'real', env: { PASS_S: String(PASS_S) } })
  }, 240_000)
  afterAll(() => stack?.[Symbol.asyncDispose]())

  const hostOf = (handle: string) => stack.hosts.instanceHost(handle)
  const held = ({ browser }: PlatformClient, handle: string) =>
    browser.jar.get(hostOf(handle), PASS_COOKIE)?.value
  const laid = (handle: string): string[] => {
    const folder = join(stack.runDir, PASS_FOLDER, hostOf(handle))
    return existsSync(folder) ? readdirSync(folder) : []
  }
  const statusOf = async ({ browser }: PlatformClient, handle: string) =>
    (await browser.fetch(`${stack.hosts.instanceOrigin(handle)}/api/me`)).status

  async function person(handle: string) {
    const authenticator = createAuthenticator()
    const client = stack.client()
    await signUp({ client, authenticator, handle })
    await openInstance(client, stack.hosts.instanceOrigin(handle))
    return { client, authenticator }
  }
  /** As it is once the owner's requests go past the gate. */
  const passing = (client: PlatformClient, handle: string) =>
    until('a pass is laid', async () => {
      expect(await statusOf(client, handle)).toBe(200)
      return laid(handle).includes(held(client, handle) ?? '')
    })

  it('lead past an api that answers nothing, and end in their time without it', async () => {
    const { client } = await person('direct')
    await passing(client, 'direct')
    const api = stack.platform().parts.api ?? 0
    process.kill(api, 'SIGSTOP')
    try {
      const headers = { 'x-mos-user': 'eve', 'x-mos-role': 'viewer' }
      const url = `${stack.hosts.instanceOrigin('direct')}/api/me`
      const answer = await (await client.browser.fetch(url, { headers })).json()
      expect(answer).toMatchObject({ handle: 'direct', viewer: null })
      await until('the edge takes it away', () => laid('direct').length === 0, (PASS_S + 15) * 1000)
    } finally {
      process.kill(api, 'SIGCONT')
    }
    await passing(client, 'direct')
  })

  it('stay the same cookie from one time to the next', async () => {
    const { client } = await person('same')
    await passing(client, 'same')
    const value = held(client, 'same')
    await until('it has ended', () => laid('same').length === 0)
    await passing(client, 'same')
    expect(held(client, 'same')).toBe(value)
  })

  it('end with the session, and so do its WebSockets', async () => {
    const { client, authenticator } = await person('revoked')
    await passing(client, 'revoked')
    const { socket } = await openNotes(client, 'revoked')
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const other = stack.client()
    await logIn({ client: other, authenticator })
    const sessions = await other.trpc.auth.sessions.list.query()
    const id = sessions.find(({ current }) => !current)?.id ?? 'ses_'
    const began = performance.now()
    await other.trpc.auth.sessions.revoke.mutate({ id })
    expect(laid('revoked')).toEqual([])
    await closed
    expect(await statusOf(client, 'revoked')).toBe(401)
    expect(performance.now() - began).toBeLessThan(REVOKED_MS)
    expect(laid('revoked')).toEqual([])
  })

  it('are not for viewers', async () => {
    const owner = await person('olga')
    const viewer = await person('vera')
    const { id: instanceId } = await owner.client.trpc.tenants.mine.query()
    await owner.client.trpc.sharing.add.mutate({ instanceId, handle: 'vera', canUseNotes: true })
    const url = stack.hosts.instanceOrigin('olga')
    await until('the viewer is let in', () => openInstance(viewer.client, url).then(Boolean, () => false))
    expect(await statusOf(viewer.client, 'olga')).toBe(200)
    expect(held(viewer.client, 'olga')).toBeUndefined()
    await passing(owner.client, 'olga')
    // Whoever brings somebody else's is still who the gate takes them for.
    const stolen = {
      cookie: `${viewer.client.browser.jar.header(new URL(url))}; ${PASS_COOKIE}=${'a'.repeat(43)}`,
    }
    const me = await (await viewer.client.browser.fetch(`${url}/api/me`, { headers: stolen })).json()
    expect(me).toMatchObject({ handle: 'olga', viewer: { handle: 'vera' } })
  })

  it('keep no computer awake that its owner puts to sleep, and none asleep', async () => {
    const { client } = await person('sleeper')
    await passing(client, 'sleeper')
    await putInstanceToSleep(client)
    expect(laid('sleeper')).toEqual([])
    const stateOf = async () => (await client.trpc.tenants.mine.query()).observed
    await until('it sleeps', async () => (await stateOf()) === 'stopped', 30_000)
    expect(await statusOf(client, 'sleeper')).toBe(200)
    await passing(client, 'sleeper')
  })

  it.each(['api', 'edge', 'caddy'] as const)('are none the worse for a %s that was killed', async (part) => {
    const handle = `killed-${part}`
    const { client } = await person(handle)
    await passing(client, handle)
    const before = laid(handle)
    await stack.kill(part)
    if (part === 'api') expect(laid(handle)).not.toEqual(before)
    await until('it is served again', async () => {
      const status = await statusOf(client, handle).catch(() => 0)
      return status === 200
    })
    await passing(client, handle)
  })
})

describeReal(['docker', 'caddy', 'postgres'], 'passes and idle computers', () => {
  it('neither keep one awake nor let one sleep that is used', async () => {
    const env = { IDLE_LIMIT_S: '4', PASS_S: '1', IN_FLIGHT_INTERVAL_MS: '200' }
    await using stack = await bootStack({ parts: 'real', env })
    const person = async (handle: string) => {
      const client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle })
      const url = stack.hosts.instanceOrigin(handle)
      await openInstance(client, url)
      const bootOf = async () => (await (await client.browser.fetch(`${url}/health`)).json()).bootedAt
      return { client, bootOf, folder: join(stack.runDir, PASS_FOLDER, stack.hosts.instanceHost(handle)) }
    }
    const idle = await person('idle')
    // The later one, or it might sleep before it is used for the first time.
    const used = await person('used')
    const boot = await used.bootOf()
    await until('both have passes', async () => {
      expect(await used.bootOf()).toBe(boot)
      await idle.bootOf()
      return existsSync(used.folder) && existsSync(idle.folder)
    })
    await until(
      'the idle one sleeps',
      async () => {
        expect(await used.bootOf()).toBe(boot)
        return (await idle.client.trpc.tenants.mine.query()).observed === 'stopped'
      },
      60_000,
    )
  })
})
