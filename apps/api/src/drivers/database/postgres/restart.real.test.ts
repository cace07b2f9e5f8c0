/** A server that ends under a query and comes back: what its connections met meanwhile is told to nobody afterwards. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describeReal } from '@matrixos/testing/describe-real'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../../../tests/support/test-database.ts'
import { openPostgres } from './index.ts'

/** As PostgreSQL says it while it reads its log again: an error message of the protocol. */
function startingUp(): Buffer {
  const fields = ['SFATAL', 'VFATAL', 'C57P03', 'Mthe database system is starting up']
  const body = Buffer.from(`${fields.join('\0')}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

type Answer = 'serve' | 'starting up' | 'reset'

/** Before a server. `answers`: to the next connections, in their order; those after them are served. */
async function openDoor(url: string) {
  const { hostname, port } = new URL(url)
  const answers: Answer[] = []
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    open.add(socket.once('close', () => open.delete(socket)))
    const answer = answers.shift() ?? 'serve'
    if (answer === 'reset') return void socket.once('data', () => socket.resetAndDestroy())
    if (answer === 'starting up') return void socket.once('data', () => socket.end(startingUp()))
    const beyond = connect(Number(port || 5432), hostname)
    beyond.on('error', () => socket.destroy())
    socket.pipe(beyond).pipe(socket)
    socket.once('close', () => beyond.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const door = new URL(url)
  door.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const end = () => {
    for (const socket of open) socket.destroy()
  }
  const close = () => {
    end()
    server.close()
  }
  return { url: door.href, answers, end, close }
}

describeReal(['postgres'], 'a PostgreSQL that ends and comes back', () => {
  let made: TestDatabase
  beforeAll(async () => {
    made = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
  })
  afterAll(() => made.drop())

  it('serves the first query that finds it there again', async () => {
    const door = await openDoor(made.url)
    const database = openPostgres({ url: door.url, maxConnections: 1, statementTimeoutMs: 5_000 })
    const ask = () => database.db.execute(sql`select 1 as one`)
    try {
      await ask()
      const cut = database.db.execute(sql`select pg_sleep(60)`)
      const isCut = expect(cut).rejects.toThrow()
      await expect.poll(async () => (await sleepers()).length).toBe(1)
      door.end()
      await isCut
      door.answers.push('starting up', 'reset')
      await expect(ask()).rejects.toThrow()
      // Where the first word was the last one, too.
      door.answers.length = 0
      expect([...((await ask()) as Iterable<unknown>)]).toEqual([{ one: 1 }])
    } finally {
      await database.close()
      door.close()
    }
  })

  async function sleepers(): Promise<unknown[]> {
    const other = openPostgres({ url: made.url, maxConnections: 1, statementTimeoutMs: 5_000 })
    const found = await other.db
      .execute(sql`select from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'`)
      .finally(() => other.close())
    return [...(found as Iterable<unknown>)]
  }
})
