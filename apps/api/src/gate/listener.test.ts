import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostsOf } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { createAppTokens } from './app-token.ts'
import type { HandOff } from './hand-off.ts'
import { createGateListener } from './listener.ts'

const unused = () => {
  throw new Error('Not part of this test.')
}

/** A gate whose hand-off does as given. */
async function setUp(callback: HandOff['callback'], holdMs = 30_000) {
  const listener = createGateListener({
    hosts: hostsOf('http://localhost'),
    shares: { of: () => undefined },
    gate: unused,
    handOff: { launch: unused, callback },
    tokens: createAppTokens({ platformSecret: 'p'.repeat(43), clock: systemClock }),
    sessions: { mayEnter: unused, stream: unused },
    cache: { get: unused, ofHandle: unused },
    tenants: { rows: unused },
    streams: { deadline: unused },
    log: pino({ level: 'silent' }),
    holdMs,
  })
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    spend: () => fetch(`http://127.0.0.1:${port}/.mos/cb?ticket=t&rt=/`, { redirect: 'manual' }),
    [Symbol.dispose]: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

it('waits no longer than the hold for a database that never says whose ticket it is', async () => {
  using gate = await setUp(() => new Promise(() => undefined), 10)
  const answer = await gate.spend()
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('5')
  expect(await answer.json()).toMatchObject({ code: 'database_unavailable' })
})

it('says that the link no longer works for a refused ticket only', async () => {
  using spent = await setUp(() => Promise.reject(new AppError('ticket_invalid', 'Used already.')))
  const refused = await spent.spend()
  expect(refused.status).toBe(400)
  expect(await refused.text()).toContain('This link no longer works')
})
