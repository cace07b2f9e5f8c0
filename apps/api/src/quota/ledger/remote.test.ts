import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPrepared } from '../../drivers/database/testing/prepared.ts'
import { isDatabaseAway } from '../../errors.ts'
import { closeServer, listenOnSocket } from '../../http/listen.ts'
import { createServiceServer } from '../../http/server.ts'
import { router } from '../../http/trpc.ts'
import { createLog } from '../../log.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { createRemoteLedger } from './remote.ts'
import { ledgerRouter } from './service-router.ts'
import { createLedger } from './store.ts'
import { ledgerContract } from './testing/contract.ts'
import { newCall, stranger } from './testing/people.ts'

const TOKEN = 'service-token'

async function serve(folder: string, ledger: Ledger) {
  const serviceSocket = join(folder, 'service.sock')
  const handler = createServiceServer({
    router: router({ ledger: ledgerRouter({ ledger }) }),
    ...{ now: Date.now, changes: { take: async () => undefined }, callsPerBatch: 20 },
    log: createLog({ level: 'fatal', part: 'test' }),
    isService: (headers) => headers.get('authorization') === `Bearer ${TOKEN}`,
  })
  const server = await listenOnSocket(serviceSocket, getRequestListener(handler))
  return { serviceSocket, close: () => closeServer(server, 0) }
}

ledgerContract(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mos-ledger-'))
  const database = await openPrepared(folder)
  const api = await serve(folder, createLedger(database))
  const ledger = createRemoteLedger({ serviceSocket: api.serviceSocket, token: TOKEN })
  return {
    ledger,
    database,
    async close() {
      await ledger.close()
      await api.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
})

describe('a ledger on the other side of a socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mos-ledger-'))
  const asked: unknown[] = []
  const broken: Ledger = {
    apply: async (operations) => {
      asked.push(operations)
      return []
    },
    callerOf: async () => null,
    budgetOf: () => Promise.reject(new Error('secret')),
    editedPrices: async () => [],
  }
  let api: Awaited<ReturnType<typeof serve>>
  beforeAll(async () => {
    api = await serve(folder, broken)
  })
  afterAll(async () => {
    await api.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('refuses whoever lacks the token', async () => {
    const ledger = createRemoteLedger({ serviceSocket: api.serviceSocket, token: 'other' })
    await expect(ledger.callerOf('x')).rejects.toThrow('Only the platform itself')
    await ledger.close()
  })

  it('sends nothing that the books could not hold', async () => {
    const ledger = createRemoteLedger({ serviceSocket: api.serviceSocket, token: TOKEN })
    const ana = stranger()
    await expect(ledger.apply([ana.hold(-1n)])).rejects.toThrow()
    await expect(ledger.apply([ana.settle(newCall(), 2n ** 63n)])).rejects.toThrow()
    const usage = {
      input: 2 ** 31,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      cacheRead: 0,
      output: 0,
      webSearches: 0,
    }
    await expect(ledger.apply([ana.settle(newCall(), 1n, { usage })])).rejects.toThrow()
    expect(asked).toEqual([])
    await ledger.close()
  })

  it('rejects while nobody answers, and says nothing of causes', async () => {
    const ledger = createRemoteLedger({ serviceSocket: api.serviceSocket, token: TOKEN })
    const { userId, allowance } = stranger()
    await expect(ledger.budgetOf(userId, allowance)).rejects.toThrow(/^Something went wrong/)
    await ledger.close()
    const nobody = createRemoteLedger({ serviceSocket: join(folder, 'none.sock'), token: TOKEN })
    await expect(nobody.apply([])).rejects.toSatisfy(isDatabaseAway)
    await nobody.close()
  })

  it('tells books that are away from an operation that they do not take', async () => {
    const errors = [new Error('never'), Object.assign(new Error('away'), { code: '57P01' })]
    const failing = mkdtempSync(join(tmpdir(), 'mos-ledger-'))
    const other = await serve(failing, { ...broken, apply: () => Promise.reject(errors.shift()) })
    const ledger = createRemoteLedger({ serviceSocket: other.serviceSocket, token: TOKEN })
    await expect(ledger.apply([])).rejects.not.toSatisfy(isDatabaseAway)
    await expect(ledger.apply([])).rejects.toSatisfy(isDatabaseAway)
    await ledger.close()
    await other.close()
    rmSync(failing, { recursive: true, force: true })
  })
})
