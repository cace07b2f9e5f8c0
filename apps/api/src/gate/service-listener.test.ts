import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostsOf } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { memoryLimit } from '../limits/attempt-limit.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { createServiceListener } from './service-listener.ts'

/** This process knows `known` alone; the database knows `newborn` too, hangs up at `unlucky`, and never answers for `hanging`. */
async function setUp({ mostLookups = 100, holdMs = 30_000, hasHomeserver = false } = {}) {
  const lookedUp: string[] = []
  const listener = createServiceListener({
    hosts: hostsOf('https://mos.example'),
    hasHomeserver,
    cache: { ofHandle: (handle) => (handle === 'known' ? ({ handle } as InstanceRow) : undefined) },
    tenants: {
      find: async (handle) => {
        lookedUp.push(handle)
        if (handle === 'hanging') await new Promise(() => undefined)
        if (handle === 'unlucky') throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
        return handle === 'newborn' ? ({ handle } as InstanceRow) : undefined
      },
    },
    appHosts: { mayHaveCertificate: (_id, app) => app === 'game' },
    lookups: memoryLimit({ name: 'lookups', attempts: mostLookups, seconds: 600, message: 'Too many.' }),
    log: pino({ level: 'silent' }),
    trpc: (_request, response) => void response.writeHead(204).end(),
    holdMs,
  })
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    lookedUp,
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

it("allows one for the homeserver's host where there is one, and only there", async () => {
  using listener = await setUp({ hasHomeserver: true })
  expect(await listener.ask('matrix.mos.example')).toBe(200)
  using without = await setUp()
  expect(await without.ask('matrix.mos.example')).toBe(404)
})

it('refuses one for unknown hosts, and decides nothing while the database is away', async () => {
  using listener = await setUp()
  for (const domain of ['nobody.mos.example', 'mos.example.evil', ''])
    expect(await listener.ask(domain)).toBe(404)
  expect(await listener.ask('unlucky.mos.example')).toBe(503)
})

it('decides nothing when the database does not answer in time', async () => {
  using listener = await setUp({ holdMs: 10 })
  expect(await listener.ask('hanging.mos.example')).toBe(503)
})

it('looks up only so many unknown hosts, and allows known ones all the same', async () => {
  using listener = await setUp({ mostLookups: 2 })
  const asked = []
  for (let i = 0; i < 5; i++) asked.push(await listener.ask(`nobody-${i}.mos.example`))
  expect(asked).toEqual([404, 404, 429, 429, 429])
  expect(listener.lookedUp).toEqual(['nobody-0', 'nobody-1'])
  expect(await listener.ask('known.mos.example')).toBe(200)
  expect(await listener.ask('app.mos.example')).toBe(200)
})

it('allows one for an app of somebody who is there, and for no name that strangers make up', async () => {
  using listener = await setUp()
  const of = (label: string) => listener.ask(`${label}.mos.example`)
  expect(await Promise.all(['game--known', 'game--newborn', 'GAME--KNOWN'].map(of))).toEqual([200, 200, 200])
  expect(await Promise.all(['made-up--known', 'game--nobody', 'xn--known'].map(of))).toEqual([404, 404, 404])
})
