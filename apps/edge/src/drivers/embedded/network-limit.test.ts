import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { LIMITS } from '../../policy/limits.ts'
import { networkOf } from '../../policy/network.ts'
import { ALICE, setUp } from '../../testing/setup.ts'
import { createEmbeddedDriver } from './driver.ts'
import { createNetworkLimit } from './network-limit.ts'

const limits = { ...LIMITS, connectionsPerNetwork: 3 }

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::7', '2001:db8:0:0'],
  ['2001:db8:0:0:1::', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
])('takes %s for a part of %s', (address, network) => expect(networkOf(address)).toBe(network))

it('gives back one place at a time', () => {
  const { take } = createNetworkLimit(2)
  const first = take('192.0.2.7')
  expect([take('192.0.2.7') === null, take('192.0.2.7')]).toEqual([false, null])
  first?.()
  expect([take('192.0.2.7') === null, take('192.0.2.7')]).toEqual([false, null])
})

it('closes the connections of a network that has too many, and of no other', async () => {
  await using setup = await setUp(createEmbeddedDriver, { limits })
  const from = '127.0.0.5'
  const sockets: Socket[] = []
  for (let i = 0; i < 3; i++) {
    const socket = connect({ port: setup.port, host: '127.0.0.1', localAddress: from })
    await once(socket, 'connect')
    sockets.push(socket)
  }
  const ask = { host: 'localhost', from }
  await expect.poll(() => setup.fetch(ask).catch(() => 'closed')).toBe('closed')
  expect((await setup.fetch({ ...ask, from: '127.0.0.6' })).status).toBe(200)
  sockets.pop()?.destroy()
  await until('a place', () => setup.fetch(ask).catch(() => undefined))
  for (const socket of sockets) socket.destroy()
})

it('counts the requests of a client behind a trusted proxy, and not the proxy’s connections', async () => {
  const proxy = '127.0.0.2'
  await using setup = await setUp(createEmbeddedDriver, { limits, trustedProxies: [proxy] })
  const of = (client: string) => ({ host: ALICE, from: proxy, headers: { 'x-forwarded-for': client } })
  const streams = await Promise.all(
    ['2001:db8::1', '2001:db8::2', '2001:db8::3'].map((client) =>
      setup.open({ ...of(client), path: '/stream' }),
    ),
  )
  const refused = await setup.fetch(of('2001:db8::4'))
  expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } })
  expect((await setup.fetch(of('2001:db8:0:1::4'))).status).toBe(200)
  for (const stream of streams) stream.destroy()
  await until('a place', async () => (await setup.fetch(of('2001:db8::4'))).status === 200)
})

it('gives the place of a WebSocket behind a trusted proxy back when it closes', async () => {
  const few = { ...LIMITS, connectionsPerNetwork: 1 }
  await using setup = await setUp(createEmbeddedDriver, { limits: few, trustedProxies: ['127.0.0.1'] })
  const headers = { 'x-forwarded-for': '192.0.2.7' }
  const { socket } = await setup.socket(headers)
  const ask = () => setup.fetch({ host: ALICE, headers })
  expect((await ask()).status).toBe(429)
  socket.terminate()
  await until('a place', async () => (await ask()).status === 200)
})
