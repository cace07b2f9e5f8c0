import { createHmac } from 'node:crypto'
import type { UserId } from '@matrixos/shared'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { alertAddresses, creditAlerts } from '../../db/schema/index.ts'
import { createLog } from '../../log.ts'
import type { Mail } from '../../ports/mailer.ts'
import { startAnswering } from '../testing/answering.ts'
import { type Books, openBooks } from '../testing/books.ts'
import { createAddressStore } from './address-store.ts'
import { createDelivery, type DeliveryOptions } from './delivery.ts'
import { createAlertStore } from './store.ts'
import { createWebhook } from './webhook.ts'

let books: Books
let ada: UserId
beforeAll(async () => {
  books = await openBooks()
  ada = await books.person('ada')
}, 180_000)
afterAll(() => books[Symbol.asyncDispose]())
beforeEach(async () => {
  await books.database.db.delete(creditAlerts)
  await books.database.db.delete(alertAddresses)
})

async function alert(changes: Partial<typeof creditAlerts.$inferInsert> = {}): Promise<void> {
  const now = new Date()
  await books.database.db.insert(creditAlerts).values({
    ...{ userId: ada, round: 0, threshold: 80, at: now, nextAttemptAt: now },
    ...{ spent: 4_000_000_001n, limit: 5_000_000_000n },
    ...changes,
  })
}

async function address(confirmedAt: Date | null = new Date()): Promise<void> {
  const row = { userId: ada, email: 'ada@example.org', createdAt: new Date(), confirmedAt }
  await books.database.db.insert(alertAddresses).values(row)
}

const rows = () => books.database.db.select().from(creditAlerts).orderBy(creditAlerts.threshold)
/** The database's own clock cannot be moved. */
const makeDue = () =>
  books.database.db
    .update(creditAlerts)
    .set({ nextAttemptAt: sql`now()` })
    .where(sql`next_attempt_at is not null`)

function setUp(changes: Partial<DeliveryOptions> = {}) {
  const sent: Mail[] = []
  const state = { fails: false }
  const delivery = createDelivery({
    store: createAlertStore(books.database),
    addresses: createAddressStore(books.database),
    mailer: {
      send: async (mail) => {
        if (state.fails) throw new Error('away')
        sent.push(mail)
      },
      close: () => {},
    },
    post: null,
    appOrigin: 'https://app.example.org',
    clock: { now: Date.now },
    log: createLog({ level: 'silent', part: 'test' }),
    ...changes,
  })
  return { delivery, sent, state }
}

it('mails each threshold once, however many processes deliver', async () => {
  await address()
  await alert()
  await alert({ threshold: 100, spent: 5_000_000_000n })
  const { delivery, sent } = setUp()
  await Promise.all([delivery.run(), delivery.run(), delivery.run()])
  await makeDue()
  await delivery.run()
  const mails = sent.map(({ to, subject, messageId }) => ({ to, subject, messageId }))
  expect(mails).toHaveLength(2)
  const to = 'ada@example.org'
  expect(mails).toContainEqual({
    ...{ to, subject: 'You’ve used 80% of your AI credits' },
    messageId: `<alert.${ada}.0.80@app.example.org>`,
  })
  expect(mails).toContainEqual({
    ...{ to, subject: 'Your AI credits are used up' },
    messageId: `<alert.${ada}.0.100@app.example.org>`,
  })
  expect(sent.find(({ subject }) => subject.includes('80%'))?.text).toContain(
    'you’ve used $4.00 of $5.00 AI credits',
  )
  for (const row of await rows())
    expect(row).toMatchObject({ mailedAt: expect.any(Date), nextAttemptAt: null })
})

it('mails nobody who has not confirmed their address, and not later either', async () => {
  await address(null)
  await alert()
  const { delivery, sent } = setUp()
  await delivery.run()
  await books.database.db.update(alertAddresses).set({ confirmedAt: new Date() })
  await delivery.run()
  expect(sent).toEqual([])
  expect(await rows()).toMatchObject([{ mailedAt: null, nextAttemptAt: null }])
})

it('tries again after a while, for a day, and gives up then', async () => {
  await address()
  await alert()
  const { delivery, sent, state } = setUp()
  state.fails = true
  await delivery.run()
  const [failed] = await rows()
  expect(failed?.attempts).toBe(1)
  expect(failed?.nextAttemptAt?.getTime()).toBeGreaterThan(Date.now() + 30_000)
  await delivery.run()
  expect((await rows())[0]?.attempts).toBe(1)
  state.fails = false
  await makeDue()
  await delivery.run()
  expect(sent).toHaveLength(1)

  await alert({ threshold: 100, at: new Date(Date.now() - 86_400_000 - 1_000) })
  state.fails = true
  await delivery.run()
  const given = await books.database.db.select().from(creditAlerts).where(eq(creditAlerts.threshold, 100))
  expect(given).toMatchObject([{ mailedAt: null, nextAttemptAt: null }])
})

it('tells the webhook with a signature, again until it takes it, and follows it nowhere', async () => {
  let status = 307
  await using receiver = await startAnswering((response) =>
    response.writeHead(status, { location: '/elsewhere' }).end('no'),
  )
  const seconds = 1_800_000_000
  const secret = 'w'.repeat(43)
  const post = createWebhook({ url: `${receiver.url}/hook`, secret, now: () => seconds * 1000 + 999 })
  await address()
  await alert()
  const { delivery, sent } = setUp({ post })
  await delivery.run()
  status = 204
  await makeDue()
  await delivery.run()
  await makeDue()
  await delivery.run()
  expect(sent).toHaveLength(1)
  expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook'])
  const [first, second] = receiver.received
  expect(second?.body).toBe(first?.body)
  expect(JSON.parse(first?.body ?? '')).toEqual({
    ...{ id: `${ada}.0.80`, type: 'credits.threshold_reached', at: expect.any(String) },
    ...{ user_id: ada, handle: 'ada', threshold: 80, round: 0 },
    ...{ spent_usd: '4.000000001', limit_usd: '5.00' },
  })
  const mac = createHmac('sha256', secret).update(`${seconds}.${first?.body}`).digest('hex')
  expect(first?.headers['x-matrixos-signature']).toBe(`t=${seconds},v1=${mac}`)
})

it('has nothing to do where nothing is set up', async () => {
  await alert()
  const { delivery } = setUp({ mailer: null })
  await delivery.run()
  expect(await rows()).toMatchObject([{ nextAttemptAt: null, mailedAt: null, postedAt: null }])
})

it('hangs on no webhook that does not answer', async () => {
  await using silent = await startAnswering(() => {})
  const post = createWebhook({ url: silent.url, secret: 'w', now: Date.now, timeoutMs: 50 })
  await alert()
  await setUp({ post }).delivery.run()
  expect(await rows()).toMatchObject([{ postedAt: null, attempts: 1, nextAttemptAt: expect.any(Date) }])
})
