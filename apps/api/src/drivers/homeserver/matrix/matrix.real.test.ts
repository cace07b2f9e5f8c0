/** The driver at Synapse. */
import { describeReal } from '@matrixos/testing/describe-real'
import { type Synapse, startSynapse } from '@matrixos/testing/synapse'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Homeserver } from '../../../ports/homeserver.ts'
import { createMatrixHomeserver } from './index.ts'

const SERVER = 'mos.test'

describeReal(['synapse'], 'at Synapse', () => {
  let synapse: Synapse
  let homeserver: Homeserver
  beforeAll(async () => {
    synapse = await startSynapse({ serverName: SERVER, eventsUrl: 'http://127.0.0.1:9' })
    homeserver = createMatrixHomeserver({ url: synapse.url, asToken: synapse.asToken, serverName: SERVER })
  })
  afterAll(() => synapse[Symbol.asyncDispose]())

  const DEVICE = { id: 'COMPUTER', name: 'Their computer', expires: false }

  async function ask(
    path: string,
    { token, method = 'GET', body }: { token?: string; method?: string; body?: object },
  ) {
    const response = await fetch(`${synapse.url}/_matrix/client/${path}`, {
      method,
      headers: { ...(token && { authorization: `Bearer ${token}` }), 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }

  it('knows the platform, and no other', async () => {
    await homeserver.check()
    const stranger = createMatrixHomeserver({ url: synapse.url, asToken: 'x'.repeat(40), serverName: SERVER })
    await expect(stranger.check()).rejects.toMatchObject({ kind: 'refused' })
    const nobody = createMatrixHomeserver({ url: 'http://127.0.0.1:9', asToken: 'x', serverName: SERVER })
    await expect(nobody.check()).rejects.toMatchObject({ kind: 'away' })
  })

  it('makes an account once, however often it is asked', async () => {
    expect(await homeserver.make('ada', 'Ada')).toBe('made')
    expect(await homeserver.make('ada', 'Ada L.')).toBe('made')
    const { accessToken } = await homeserver.signIn('ada', DEVICE)
    const { body } = await ask('v3/profile/@ada:mos.test', { token: accessToken })
    expect(body.displayname).toBe('Ada L.')
    await homeserver.rename('ada', 'Countess')
    const renamed = await ask('v3/profile/@ada:mos.test', { token: accessToken })
    expect(renamed.body.displayname).toBe('Countess')
    await expect(homeserver.rename('nobody-at-all', 'X')).rejects.toMatchObject({ kind: 'refused' })
  })

  it('signs devices in, each until its token ends', async () => {
    await homeserver.make('bob_ai', "Bob's AI")
    const before = await homeserver.signIn('bob_ai', { id: 'PHONE', name: 'Phone', expires: false })
    const phone = await homeserver.signIn('bob_ai', { id: 'PHONE', name: 'Phone', expires: false })
    const computer = await homeserver.signIn('bob_ai', { ...DEVICE, expires: true })
    expect(phone.lifeMs).toBeNull()
    expect(computer.lifeMs).toBeLessThanOrEqual(7_200_000)
    const who = async ({ accessToken }: { accessToken: string }) =>
      ask('v3/account/whoami', { token: accessToken })
    expect((await who(computer)).body).toMatchObject({ user_id: '@bob_ai:mos.test', device_id: 'COMPUTER' })
    await homeserver.signOut(phone.accessToken)
    await homeserver.signOut(phone.accessToken)
    expect((await who(phone)).status).toBe(401)
    // With its device, whichever token it was ended by.
    expect((await who(before)).status).toBe(401)
    expect((await who(computer)).status).toBe(200)
  })

  it('takes only so many files of an account, which whatever runs in a computer can send', async () => {
    await homeserver.make('filler_ai', "Filler's AI")
    const { accessToken } = await homeserver.signIn('filler_ai', DEVICE)
    const send = async (megabytes: number) => {
      const body = new Uint8Array(megabytes * 1_000_000)
      const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/octet-stream' }
      const init = { method: 'POST', headers, body }
      const response = await fetch(`${synapse.url}/_matrix/media/v3/upload`, init).catch(() => null)
      await response?.text()
      return response?.status ?? 'cut off'
    }
    // It hangs up in the middle of what is too large.
    expect([413, 'cut off']).toContain(await send(22))
    const statuses: (number | string)[] = []
    for (let nth = 0; nth < 6; nth++) statuses.push(await send(20))
    expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200])
    expect(statuses.at(-1)).toBe(403)
  })

  it('deactivates for ever, and says so of the name', async () => {
    await homeserver.make('eve', 'Eve')
    const { accessToken } = await homeserver.signIn('eve', DEVICE)
    await homeserver.deactivate('eve')
    await homeserver.deactivate('eve')
    expect((await ask('v3/account/whoami', { token: accessToken })).status).toBe(401)
    await expect(homeserver.signIn('eve', DEVICE)).rejects.toMatchObject({ kind: 'refused' })
    expect(await homeserver.make('eve', 'Eve')).toBe('deactivated')
  })

  it('tells a room that is encrypted from one that is not, and who is in it', async () => {
    await homeserver.make('cy', 'Cy')
    const { accessToken: token } = await homeserver.signIn('cy', DEVICE)
    const make = async (body: object) =>
      (await ask('v3/createRoom', { token, method: 'POST', body })).body.room_id as string
    const plain = await make({ preset: 'public_chat' })
    const algorithm = { algorithm: 'm.megolm.v1.aes-sha2' }
    const secret = await make({ initial_state: [{ type: 'm.room.encryption', content: algorithm }] })
    expect(await homeserver.isEncrypted(plain, 'cy')).toBe(false)
    expect(await homeserver.isEncrypted(secret, 'cy')).toBe(true)
    await homeserver.make('dan', 'Dan')
    expect(await homeserver.isEncrypted(secret, 'dan')).toBeNull()
    expect(await homeserver.joined(secret, 'cy')).toEqual(['@cy:mos.test'])
  })

  it('lets nobody else in: no registration, no password, no name that the platform gives', async () => {
    const body = { username: 'mallory', password: 'x'.repeat(20) }
    expect((await ask('v3/register', { method: 'POST', body })).status).toBe(403)
    const flows = (await ask('v3/login', {})).body.flows as { type: string }[]
    expect(flows.map(({ type }) => type)).not.toContain('m.login.password')
  })
})
