/** Contract: which headers pass, in both directions. */
import { expect, it } from 'vitest'
import { openSocket } from './client.ts'
import { pass } from './gate.ts'
import { INSTANCE_COOKIES } from './instance.ts'
import { readBody } from './servers.ts'
import { ALICE, type Setup } from './setup.ts'

const SPOOFED = {
  'X-Mos-User': 'eve',
  'X-Mos-Role': 'eve-owner',
  X_Mos_Role: 'eve-owner',
  'X-Mos-App': 'eve-app',
  X_Mos_App: 'eve-app',
  'X-Mos-Group': 'eve-group',
  'X-Mos-Frame-Ancestor': 'https://eve.example',
  'X-Mos-Permissions': 'eve-notes',
  'X-Mos-Upstream': '127.0.0.1:1',
  'X-Mos-Failed': '1',
  'X-Mos-Upgrade': 'websocket',
  X_Mos_User: 'eve',
  'X-Mos_User': 'eve',
  'X_Mos-User': 'eve',
  'X-Platform-User-Id': 'eve',
  'X-Platform-Verified': 'true',
  X_Platform_User_Id: 'eve',
  'X-Forwarded-For': '6.6.6.6',
  'X-Forwarded-Host': 'evil.example',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Port': '443',
  'X-Real-Ip': '6.6.6.6',
  X_Real_IP: '6.6.6.6',
  'X-Real_IP': '6.6.6.6',
  'X_Real-IP': '6.6.6.6',
  Forwarded: 'for=6.6.6.6',
  Authorization: 'Bearer of-the-client',
}

export function headerCases(get: () => Setup): void {
  it('ignores what a client says about who it is or where it comes from', async () => {
    const { headers } = await get().echo({ headers: SPOOFED })
    expect(headers).toMatchObject({
      host: [ALICE],
      'x-mos-user': ['alice'],
      'x-forwarded-for': ['127.0.0.1'],
      'x-forwarded-host': [ALICE],
      'x-forwarded-proto': ['http'],
    })
    expect(JSON.stringify(headers)).not.toMatch(/eve|6\.6\.6\.6|evil|of-the-client|X_Mos|x-mos-failed/i)
    for (const name of ['x-platform-user-id', 'authorization']) expect(headers).not.toHaveProperty(name)
  })

  it('keeps a spoofed check request from reaching the gate', async () => {
    await get().echo({ headers: SPOOFED })
    expect(get().platform.asked[0]?.question).toEqual({ method: 'GET', uri: '/', upgrade: '', failed: '' })
  })

  it('gives the instance all that the gate says', async () => {
    const { platform, instance } = get()
    const said = {
      user: 'bob',
      role: 'viewer',
      app: 'game',
      permissions: 'notes',
      authorization: 'Bearer in',
      platformUserId: 'usr_1',
      platformVerified: 'true',
    }
    platform.decide = () => pass(instance.address, said)
    expect((await get().echo({ headers: SPOOFED })).headers).toMatchObject({
      'x-mos-user': ['bob'],
      'x-mos-role': ['viewer'],
      'x-mos-app': ['game'],
      'x-mos-permissions': ['notes'],
      authorization: ['Bearer in'],
      'x-platform-user-id': ['usr_1'],
      'x-platform-verified': ['true'],
    })
  })

  it('leaves out what the gate left empty', async () => {
    const { platform, instance } = get()
    platform.decide = () => pass(instance.address)
    const { headers } = await get().echo({ headers: SPOOFED })
    const identity = [
      'x-mos-user',
      'x-mos-role',
      'x-mos-app',
      'x-mos-permissions',
      'authorization',
      'x-platform-user-id',
      'x-platform-verified',
      'x-mos-upstream',
      'x-mos-group',
      'x-mos-frame-ancestor',
    ]
    expect(Object.keys(headers).filter((name) => identity.includes(name))).toEqual([])
  })

  it.each(['close, X-Mos-User', 'X-Mos-User, Authorization, X-Forwarded-For'])(
    'keeps the identity with Connection: %s',
    async (connection) => {
      const { platform, instance } = get()
      platform.decide = () => pass(instance.address, { user: 'alice', authorization: 'Bearer in' })
      const { headers } = await get().echo({ headers: { ...SPOOFED, connection } })
      expect(headers).toMatchObject({
        'x-mos-user': ['alice'],
        authorization: ['Bearer in'],
        'x-forwarded-for': ['127.0.0.1'],
      })
    },
  )

  it.each([
    ['__Host-mos_session=s; own=1; __Host-mos_pass=p', 'own=1'],
    ['own=1; __Host-mos_session=s; other="a b"', 'own=1; other="a b"'],
    ['own=__Host-mos_x; __Host-mosaic=2', 'own=__Host-mos_x; __Host-mosaic=2'],
    ['__Host-mos_session=s;__Host-mos_pass=p', undefined],
    ['__host-MOS_session=s; own=1', 'own=1'],
  ])('passes, of the cookies %s, the instance %s', async (cookie, expected) => {
    const { headers } = await get().echo({ headers: { cookie } })
    expect(headers.cookie?.join('; ')).toBe(expected)
  })

  it('removes what an instance may not set, and says who may frame it', async () => {
    const { platform, instance } = get()
    const frameAncestor = 'https://app.example:8443'
    platform.decide = () => pass(instance.address, { frameAncestor })
    const reply = await get().fetch({ host: ALICE, path: '/cookies' })
    expect(reply.headers['set-cookie']?.filter((cookie) => cookie !== '')).toEqual(INSTANCE_COOKIES.kept)
    expect(reply.headers).not.toHaveProperty('clear-site-data')
    const policy = String(reply.headers['content-security-policy'])
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain(`frame-ancestors 'self' ${frameAncestor}`)
  })

  it('passes no trailers that an instance announced', async () => {
    const response = await get().open({ host: ALICE, path: '/trailers' })
    expect((await readBody(response)).toString()).toBe('trailers')
    expect(response.headers).not.toHaveProperty('trailer')
    expect(response.trailers).toEqual({})
  })

  it('does the same for WebSockets', async () => {
    const { instance, port } = get()
    const headers = { ...SPOOFED, cookie: '__Host-mos_s=1; own=1', connection: 'Upgrade, X-Mos-User' }
    const { socket, headers: answered } = await openSocket(port, ALICE, headers)
    socket.terminate()
    expect(instance.handshakes.at(-1)).toMatchObject({ 'x-mos-user': ['alice'], cookie: ['own=1'] })
    expect(JSON.stringify(instance.handshakes.at(-1))).not.toMatch(/eve|of-the-client/)
    expect((answered['set-cookie'] ?? []).filter((cookie) => cookie !== '')).toEqual([])
  })

  it('passes ordinary headers as they are', async () => {
    const sent = { 'Accept-Language': 'de', 'X-Own': ['1', '2'], Range: 'bytes=0-1', 'If-None-Match': '"x"' }
    expect((await get().echo({ headers: sent })).headers).toMatchObject({
      'accept-language': ['de'],
      'x-own': ['1', '2'],
      range: ['bytes=0-1'],
      'if-none-match': ['"x"'],
    })
  })
}
