import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostsOf } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import type { InstanceRow } from '../tenants/store.ts'
import { createServiceListener } from './service-listener.ts'

/** This process knows nobody; the database knows `newborn`, and hangs up at `unlucky`. */
async function setUp() {
  const listener = createServiceListener({
    hosts: hostsOf('https://mos.example'),
    mirror: { ofHandle: () => undefined },
    tenants: {
      find: async (handle) => {
        if (handle === 'unlucky') throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
        return handle === 'newborn' ? ({ handle } as InstanceRow) : undefined
      },
    },
    log: pino({ level: 'silent' }),
    trpc: (_request, response) => void response.writeHead(204).end(),
  })
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ask: async (domain: string) => (await fetch(`http://127.0.0.1:${port}/ask?domain=${domain}`)).status,
    [Symbol.dispose]: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

it('allows a certificate for whom another process made a moment ago', async () => {
  using listener = await setUp()
  expect(await listener.ask('newborn.mos.example')).toBe(200)
  expect(await listener.ask('app.mos.example')).toBe(200)
})

it('refuses one for unknown hosts, and decides nothing while the database is away', async () => {
  using listener = await setUp()
  for (const domain of ['nobody.mos.example', 'mos.example.evil', ''])
    expect(await listener.ask(domain)).toBe(404)
  expect(await listener.ask('unlucky.mos.example')).toBe(503)
})
