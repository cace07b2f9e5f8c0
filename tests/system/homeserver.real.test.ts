/**
 * A platform and Synapse: accounts are made whenever it answers, a message wakes the computer that it is for, and what is
 * said in the clear is seen.
 */
import { deleteInstance, putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { matrixLocalpart } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { freePort } from '@matrixos/testing/free-port'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { type Synapse, startSynapse } from '@matrixos/testing/synapse'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bootStack, type Stack } from '../support/stack.ts'

const ENCRYPTION = { type: 'm.room.encryption', content: { algorithm: 'm.megolm.v1.aes-sha2' } }

describeReal(['synapse'], 'a platform with a homeserver', () => {
  let synapse: Synapse
  let stack: Stack
  const people = new Map<string, { client: PlatformClient; token: string; userId: string }>()

  beforeAll(async () => {
    const port = await freePort()
    synapse = await startSynapse({ serverName: 'localhost', eventsUrl: `http://127.0.0.1:${port}` })
    stack = await bootStack({
      parts: 'embedded',
      env: {
        HOMESERVER_URL: synapse.url,
        HOMESERVER_AS_TOKEN: synapse.asToken,
        HOMESERVER_HS_TOKEN: synapse.hsToken,
        HOMESERVER_LISTEN: `127.0.0.1:${port}`,
      },
    })
  })
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]()
    await synapse?.[Symbol.asyncDispose]()
  })

  const personOf = (handle: string) => {
    const person = people.get(handle)
    if (!person) throw new Error(`${handle} has not signed up.`)
    return person
  }
  async function ask(token: string, method: string, path: string, body?: object) {
    const response = await fetch(`${synapse.url}/_matrix/client/v3/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }
  const send = async (handle: string, room: string, type: string, id: string) =>
    ask(personOf(handle).token, 'PUT', `rooms/${room}/send/${type}/${id}`, { msgtype: 'm.text', body: id })
  const observed = async (handle: string) =>
    (await personOf(handle).client.trpc.tenants.mine.query()).observed

  it('lets people sign up while the homeserver is away, and makes their accounts when it is back', async () => {
    await synapse.kill()
    for (const handle of ['ada', 'bob']) {
      const client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle })
      await waitUntilRunning(client)
      const standing = await client.trpc.matrix.standing.query()
      expect(standing).toMatchObject({ isOn: true, userId: null, logins: [] })
      people.set(handle, { client, token: '', userId: '' })
    }
    await synapse.start()
    for (const [handle, person] of people) {
      const userId = `@${matrixLocalpart(handle, 'person')}:localhost`
      await until('the account is made', async () => {
        const standing = await person.client.trpc.matrix.standing.query()
        return standing.isOn && standing.userId === userId
      })
      const made = await person.client.trpc.matrix.addClient.mutate({ name: 'Element' })
      Object.assign(person, { token: made.accessToken, userId: made.userId })
      expect((await ask(made.accessToken, 'GET', 'account/whoami')).body.user_id).toBe(userId)
    }
  })

  it('signs a client of its owner in, with the token as its password', async () => {
    const { client, token, userId } = personOf('ada')
    const { protocol, port } = new URL(stack.url)
    const address = `${protocol}//matrix.localhost:${port}/_matrix/client/v3`
    const login = (password: string) =>
      client.browser.fetch(`${address}/login`, {
        method: 'POST',
        body: JSON.stringify({
          ...{ type: 'm.login.password', password, initial_device_display_name: 'Element' },
          identifier: { type: 'm.id.user', user: 'ada' },
        }),
      })
    expect(await (await client.browser.fetch(`${address}/login`)).json()).toEqual({
      flows: [{ type: 'm.login.password' }],
    })
    const answer = await login(token)
    const { access_token, device_id, user_id } = await answer.json()
    expect([user_id, access_token]).toEqual([userId, token])
    expect((await login(`${token}x`)).status).toBe(403)
    const keys = {
      ...{ user_id, device_id, algorithms: ['m.olm.v1.curve25519-aes-sha2'], signatures: {} },
      keys: { [`curve25519:${device_id}`]: 'a', [`ed25519:${device_id}`]: 'b' },
    }
    expect((await ask(token, 'POST', 'keys/upload', { device_keys: keys })).status).toBe(200)
    expect(await (await login(token)).text()).toContain('Another client uses this token')
  })

  it('wakes a computer that sleeps for a message to its AI', async () => {
    const { client, token } = personOf('ada')
    await putInstanceToSleep(personOf('bob').client)
    await until('it sleeps', async () => (await observed('bob')) === 'stopped')
    const invite = ['@bob_ai:localhost']
    const made = await ask(token, 'POST', 'createRoom', {
      ...{ invite, is_direct: true, preset: 'trusted_private_chat' },
      initial_state: [{ ...ENCRYPTION, state_key: '' }],
    })
    expect(made.status).toBe(200)
    await until('it wakes', async () => (await observed('bob')) === 'running', 45_000)
    expect(await client.trpc.matrix.standing.query()).toMatchObject({ logins: [{ name: 'Element' }] })
  })

  it('sees what is said in the clear where that must not be', async () => {
    const made = await ask(personOf('ada').token, 'POST', 'createRoom', {
      initial_state: [{ ...ENCRYPTION, state_key: '' }],
    })
    const room = made.body.room_id
    await send('ada', room, 'm.room.encrypted', 'secret')
    expect(stack.log()).not.toContain('sent in the clear')
    const { body } = await send('ada', room, 'm.room.message', 'careless')
    await until('the alarm is raised', () => stack.log().includes(body.event_id))
    expect(stack.log()).not.toContain('careless')
  })

  it('ends a client that its owner removes, and every account with its person', async () => {
    const { client, token } = personOf('ada')
    const added = await client.trpc.matrix.addClient.mutate({ name: 'Another' })
    await client.trpc.matrix.removeClient.mutate({ deviceId: added.login.deviceId })
    expect((await ask(added.accessToken, 'GET', 'account/whoami')).status).toBe(401)
    expect((await ask(token, 'GET', 'account/whoami')).status).toBe(200)
    await deleteInstance(client, 'ada')
    await until('the account is gone', async () => (await ask(token, 'GET', 'account/whoami')).status === 401)
    for (const secret of [synapse.asToken, synapse.hsToken, token, added.accessToken])
      expect(stack.log()).not.toContain(secret)
  })
})
