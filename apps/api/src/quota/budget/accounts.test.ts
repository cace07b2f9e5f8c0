import { parseUsd, type UserId } from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { creditAccounts, creditGrants, creditHolds, users } from '../../db/schema/index.ts'
import { type Books, holdOf, openAccount, openBooks } from '../testing/books.ts'
import { createAccountStore } from './account-store.ts'
import { createGrants } from './grants.ts'
import { createCreditStore } from './store.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks()
}, 180_000)
afterAll(() => books[Symbol.asyncDispose]())

const accountOf = async (userId: UserId) =>
  (await books.database.db.select().from(creditAccounts).where(eq(creditAccounts.userId, userId)))[0]

function grantsOf(period: 'once' | 'month') {
  const { database } = books
  return createGrants({
    db: database.db,
    store: createAccountStore(database),
    credits: createCreditStore(database),
    allowanceOf: () => ({ credits: parseUsd('5'), period, callsAtOnce: 5, callsPerMinute: 60 }),
    notices: { add: async () => 1 },
    audit: { record: async () => {} },
    changed: () => {},
  })
}

it('adds every one of many grants at once', async () => {
  const ada = await books.person('ada')
  const one = () => grantsOf('once').grantByServer({ handle: 'ada', amount: '0.10' }, new Date())
  await Promise.all(Array.from({ length: 10 }, one))
  expect(await accountOf(ada)).toMatchObject({ granted: parseUsd('1'), alertRound: 10 })
  const rows = await books.database.db.select().from(creditGrants).where(eq(creditGrants.userId, ada))
  expect(rows).toHaveLength(10)
})

it('ends a month that is over before it grants, so that nothing of the grant goes to what was spent', async () => {
  const bea = await books.person('bea')
  const longAgo = new Date('2020-01-01T00:00:00Z')
  const figures = { granted: parseUsd('2'), spent: parseUsd('6.50'), periodStartsAt: longAgo, alertRound: 7 }
  await openAccount(books.database, bea, figures)
  await grantsOf('month').grantByServer({ handle: 'bea', amount: '1' }, new Date())
  // $1.50 of what was granted is spent; a round for the month, and one for the grant.
  expect(await accountOf(bea)).toMatchObject({ granted: parseUsd('1.5'), spent: 0n, alertRound: 9 })
  expect((await accountOf(bea))?.periodStartsAt.getTime()).toBeGreaterThan(longAgo.getTime())
})

it('forgets whoever is gone, once their last call is over', async () => {
  const store = createAccountStore(books.database)
  const [cal, dee] = [await books.person('cal'), await books.person('dee')]
  for (const id of [cal, dee]) await openAccount(books.database, id)
  await books.database.db.insert(creditHolds).values(holdOf(cal))
  await books.database.db.delete(users).where(eq(users.id, cal))
  await store.deleteGone()
  expect([await accountOf(cal), await accountOf(dee)].map(Boolean)).toEqual([true, true])
  await books.database.db.delete(creditHolds)
  await store.deleteGone()
  expect([await accountOf(cal), await accountOf(dee)].map(Boolean)).toEqual([false, true])
})
