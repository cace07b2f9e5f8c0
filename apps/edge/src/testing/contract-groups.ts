/** Contract: what guests of an app have open is counted, limited and ended apart from what everybody else has. */
import { once } from 'node:events'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { LIMITS } from '../policy/limits.ts'
import { openSocket } from './client.ts'
import { type Asked, type GateAnswer, pass } from './gate.ts'
import type { Echo } from './instance.ts'
import { readBody } from './servers.ts'
import { ALICE, type Setup, type StartEdge, setUp } from './setup.ts'

const GAME = 'game--alice.localhost'
const CHAT = 'chat--alice.localhost'
const groupOf = (host: string) => (host === ALICE ? '' : `ins_1/${host.split('--')[0]}`)

/** A gate that lets everybody in: at the computer as its owner, at its apps as guests. */
const admitAll = ({ platform, instance }: Setup) => {
  const admit = ({ host }: Asked): GateAnswer =>
    pass(instance.address, {
      ...{ group: groupOf(host), role: host === ALICE ? 'owner' : 'visitor', permissions: 'ai:5' },
      ...(host === ALICE ? { user: 'alice' } : { app: host.split('--')[0] ?? '' }),
    })
  platform.decide = admit
}

export function groupCases(get: () => Setup, start: StartEdge): void {
  it('passes a guest’s request and answer on as anybody’s', async () => {
    admitAll(get())
    const body = Buffer.from('whole')
    const spoofed = {
      'X-Mos-Group': 'eve',
      'X-Mos-Upstream': '127.0.0.1:1',
      'X-Mos-User': 'eve',
      te: 'trailers',
    }
    const cookie = '__Host-mos_app=a; own=1'
    const headers = { ...spoofed, cookie, 'content-length': body.length, 'x-own': ['1', '2'] }
    const said = await get().echo({ host: GAME, path: '/a?b=1?c=2', method: 'POST', headers, body })
    expect(said).toMatchObject({ method: 'POST', url: '/a?b=1?c=2', bytes: 5 })
    expect(said.headers).toMatchObject({
      ...{ host: [GAME], 'x-mos-app': ['game'], 'x-mos-role': ['visitor'], 'x-mos-permissions': ['ai:5'] },
      ...{ cookie: ['own=1'], 'x-own': ['1', '2'], 'x-forwarded-for': ['127.0.0.1'] },
      ...{ 'x-forwarded-host': [GAME], 'x-forwarded-proto': ['http'] },
    })
    expect(JSON.stringify(said.headers)).not.toMatch(/eve|x-mos-(group|upstream|user)|trailers/i)
    const reply = await get().fetch({ host: GAME, path: '/cookies' })
    expect(reply.headers).not.toHaveProperty('clear-site-data')
    const { status, body: gzipped } = await get().fetch({ host: GAME, path: '/gzip' })
    expect([status, gzipped.subarray(0, 2)]).toEqual([200, Buffer.from([0x1f, 0x8b])])
  })

  it('tells the instance of no group whose request is nobody’s', async () => {
    admitAll(get())
    const { headers }: Echo = await get().echo({ headers: { 'X-Mos-Group': 'eve' } })
    expect(Object.keys(headers).filter((name) => /x-mos-(group|upstream)/.test(name))).toEqual([])
  })

  it('counts and ends them apart from everybody else', async () => {
    const { edge, instance, port } = get()
    admitAll(get())
    const counts = async () => [(await edge.inFlight())[instance.address], edge.grouped()[instance.address]]
    const owner = await openSocket(port, ALICE)
    const players = [await openSocket(port, GAME), await openSocket(port, GAME)]
    const chatting = await openSocket(port, CHAT)
    const stream = await get().open({ host: GAME, path: '/sse' })
    await until('all are counted', async () => (await counts()).join() === '1,4')
    expect(await players[0]?.echo('hello')).toBe('hello')

    const cut = expect(readBody(stream)).rejects.toThrow()
    const ended = [...players.map(({ socket }) => once(socket, 'close')), cut]
    edge.closeGroup('ins_1/game')
    await Promise.all(ended)
    await until('they are gone', async () => (await counts()).join() === '1,1')
    expect(await owner.echo('still here')).toBe('still here')
    expect(await chatting.echo('still here')).toBe('still here')

    const over = once(chatting.socket, 'close')
    edge.closeStreams(instance.address)
    await over
    owner.socket.terminate()
    instance.finishStreams()
    await until('nothing is open', async () => (await counts()).join() === ',')
  })

  it('asks the gate again when nobody is where it sent a guest', async () => {
    const { platform, instance } = get()
    platform.decide = ({ question }) =>
      pass(question.failed ? instance.address : '127.0.0.1:1', { group: 'ins_1/game', app: 'game' })
    expect((await get().echo({ host: GAME, path: '/again' })).url).toBe('/again')
    expect(platform.asked.map(({ question }) => question.failed)).toEqual(['', '1'])
  })

  it('lets in only so many of one network, and nobody else is kept out by them', async () => {
    await using setup = await setUp(start, {
      limits: { ...LIMITS, guestsPerNetwork: 2, guestsPerInstance: 3 },
    })
    admitAll(setup)
    const [first] = [await openSocket(setup.port, GAME), await openSocket(setup.port, GAME)]
    const refused = await setup.fetch({ host: CHAT, path: '/' })
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '2'])
    expect((await setup.fetch({ host: GAME, from: '127.0.0.2' })).status).toBe(200)
    expect((await setup.fetch({ host: ALICE })).status).toBe(200)
    first?.socket.terminate()
    await until('there is room again', async () => (await setup.fetch({ host: CHAT })).status === 200)
  })
}
