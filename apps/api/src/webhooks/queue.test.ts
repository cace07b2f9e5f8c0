/** Deliveries on their way, on a database: what is not there any more stops nothing else. */
import { type Id, newId, type UserId } from '@matrixos/shared'
import { eq, sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { webhookDeliveries, webhooks } from '../db/schema/index.ts'
import { type Books, openBooks } from '../quota/testing/books.ts'
import { createSeal } from '../seal.ts'
import { createWebhooksModule } from './module.ts'
import { createDeliveryQueue } from './queue.ts'
import { createWebhooks, ownerOf } from './service.ts'
import { createWebhookStore } from './store.ts'

let books: Books
let userId: UserId
beforeAll(async () => {
  books = await openBooks()
  userId = await books.person('ada')
}, 180_000)
afterAll(() => books[Symbol.asyncDispose]())
beforeEach(() => books.database.db.delete(webhooks))

const log = pino({ level: 'silent' })
const nothing = async () => undefined
const audit = { record: nothing, deleteOld: nothing }
const noLimit = { take: nothing, check: nothing, giveBack: nothing }
const queueOf = () => createDeliveryQueue({ db: books.database.db, processId: 'one', clock: systemClock })
const sealFor = (secret: string) => createSeal({ platformSecret: secret.repeat(43), purpose: 'webhook' })

async function insert(platformSecret = 'p'): Promise<Id<'whk'>> {
  const id = newId('whk', systemClock)
  const sealed = sealFor(platformSecret).seal('whsec_c2VjcmV0', ownerOf(id), systemClock.random)
  await books.database.db
    .insert(webhooks)
    .values({ id, userId, url: 'http://127.0.0.1:9/', groups: ['feed'], createdAt: new Date(), ...sealed })
  return id
}
const event = () => ({ userId, type: 'feed.test', at: new Date(), data: {} }) as const
const rows = () => books.database.db.select().from(webhookDeliveries)

it('gives up at once, and says why, what can be signed with nothing any more', async () => {
  const id = await insert('another')
  await queueOf().put(id, event())
  const module = await createWebhooksModule({
    env: { PLATFORM_SECRET: 'p'.repeat(43), WEBHOOKS_PER_ACCOUNT: 20, WEBHOOKS_TO_PRIVATE_NETWORKS: '1' },
    ...{ database: books.database, processId: 'one', clock: systemClock, log },
    limits: { webhooks: noLimit },
    audit,
  })
  try {
    await expect.poll(rows).toMatchObject([{ outcome: 'failed', attempts: 1, leaseOwner: null }])
  } finally {
    await module.close()
  }
  expect((await rows())[0]?.problem).toMatch(/can no longer be read/)
})

it('notes nothing for a webhook that was removed meanwhile', async () => {
  const id = await insert()
  await books.database.db.delete(webhooks)
  expect(await queueOf().put(id, event())).toBe(false)
  expect(await rows()).toEqual([])
})

it('says of a webhook that is removed while it is tried that there is none', async () => {
  const id = await insert()
  const store = createWebhookStore(books.database)
  const service = createWebhooks({
    store: {
      ...store,
      async find(...asked) {
        const found = await store.find(...asked)
        await books.database.db.delete(webhooks).where(eq(webhooks.id, id))
        return found
      },
    },
    ...{ queue: queueOf(), seal: sealFor('p').seal, toPrivate: true, mostWebhooks: 20 },
    ...{ asked: noLimit, look: () => undefined, clock: systemClock },
    audit,
  })
  await expect(service.test(userId, id)).rejects.toMatchObject({ code: 'not_found' })
})

it('forgets what is over after a week, however much it is', async () => {
  const id = await insert()
  await books.database.db.execute(sql`insert into webhook_deliveries
    (webhook_id, event_id, type, body, created_at, next_attempt_at, outcome, done_at)
    select ${id}, 'evt_' || n, 'feed.test', '{}', now(), now(), 'delivered',
      now() - case when n > 1 then interval '8 days' else interval '6 days' end
    from generate_series(1, 12000) n`)
  await queueOf().deleteOld()
  expect(await rows()).toMatchObject([{ eventId: 'evt_1' }])
})
