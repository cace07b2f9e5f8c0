/** Contract: an app is at a host of its own, and the gate alone says which app that is. */
import { expect, it } from 'vitest'
import { openSocket } from './client.ts'
import { pass } from './gate.ts'
import type { Echo } from './instance.ts'
import { ALICE, type Setup, type StartEdge, setUp } from './setup.ts'

const GAME = 'game--alice.localhost'
const SPOOFED = { 'X-Mos-App': 'eve', X_Mos_App: 'eve', 'X-Mos_App': 'eve', 'X-Mos-Role': 'eve' }

/** Names that an app's host can have, by the instances' domain. */
const PLACES = [
  { publicUrl: 'http://mos.test:PORT', instanceDomain: 'mos-inst.test', host: 'game--alice.mos-inst.test' },
  { publicUrl: 'http://mos.test:PORT', instanceDomain: 'mosinst', host: 'game--alice.mosinst' },
  { publicUrl: 'http://alice.test:PORT', single: true, host: 'game--alice.alice.test' },
]

export function appCases(get: () => Setup, start: StartEdge): void {
  it.each([GAME, 'GAME--Alice.localhost:8080', 'tic-tac--nobody-yet.localhost'])(
    'asks the gate about %s, and passes on which app it is',
    async (host) => {
      const { platform, instance } = get()
      platform.decide = () => pass(instance.address, { role: 'owner', app: 'game' })
      const { headers } = await get().echo({ host, path: '/x', headers: SPOOFED })
      expect(headers).toMatchObject({
        host: [host],
        'x-mos-app': ['game'],
        'x-mos-role': ['owner'],
        'x-forwarded-host': [host],
      })
      expect(JSON.stringify(headers)).not.toMatch(/eve|x_mos/i)
      expect(platform.asked).toMatchObject([{ host, path: '/gate' }])
    },
  )

  it.each([ALICE, GAME])('lets no client name an app at %s', async (host) => {
    for (const connection of ['close', 'close, X-Mos-App']) {
      const { headers } = await get().echo({ host, headers: { ...SPOOFED, connection } })
      expect(headers).not.toHaveProperty('x-mos-app')
    }
  })

  it('says so in the handshake of a WebSocket, whatever the client lists', async () => {
    const { platform, instance, port } = get()
    platform.decide = () => pass(instance.address, { app: 'game' })
    const headers = { ...SPOOFED, connection: 'Upgrade, X-Mos-App', cookie: '__Host-mos_app=a; own=1' }
    const { socket } = await openSocket(port, GAME, headers)
    socket.terminate()
    expect(instance.handshakes.at(-1)).toMatchObject({ 'x-mos-app': ['game'], cookie: ['own=1'] })
  })

  it('keeps its platform cookies from it, and disarms what it answers, as at any host of an instance', async () => {
    const { platform, instance, options } = get()
    const frameAncestor = options.hosts.instanceOrigin('alice')
    platform.decide = () => pass(instance.address, { app: 'game', frameAncestor })
    const { headers } = await get().fetch({ host: GAME, path: '/cookies' })
    expect(
      headers['set-cookie']?.filter((cookie) => /__Host-mos|domain\s*=\s*\.?localhost/i.test(cookie)),
    ).toEqual([])
    expect(headers).not.toHaveProperty('clear-site-data')
    expect(headers['content-security-policy']).toContain(`frame-ancestors 'self' ${frameAncestor}`)
    const cookie = '__Host-mos_app=a; own=1'
    expect((await get().echo({ host: GAME, headers: { cookie } })).headers.cookie).toEqual(['own=1'])
  })

  it('lets nobody frame it whom the gate does not name', async () => {
    const { headers } = await get().fetch({ host: GAME, path: '/cookies' })
    expect(String(headers['content-security-policy'])).toMatch(/frame-ancestors 'self' ?$/)
  })

  it('gives the platform its own paths there', async () => {
    const reply = await get().fetch({ host: GAME, path: '/.mos/cb?ticket=x' })
    expect(JSON.parse(reply.text)).toMatchObject({ service: 'gate', url: '/.mos/cb?ticket=x' })
    expect((await get().fetch({ host: GAME, path: '/.mos/..%2fx' })).status).toBe(400)
  })

  it.each(PLACES)('serves $host', async ({ host, ...place }) => {
    await using setup = await setUp(start, place)
    setup.platform.decide = () => pass(setup.instance.address, { app: 'game' })
    const said: Echo = await setup.echo({ host, path: '/x' })
    expect(said).toMatchObject({ url: '/x', headers: { 'x-mos-app': ['game'], host: [host] } })
    const service = async (path: string) => JSON.parse((await setup.fetch({ host, path })).text).service
    expect(await service('/.mos/cb')).toBe('gate')
    expect((await setup.fetch({ host, path: '/.mos/..%2fx' })).status).toBe(400)
  })
}
