import type { UserId } from '@matrixos/shared'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { type Books, openBooks } from '../testing/books.ts'
import { createKeySeal } from './seal.ts'
import { createOwnKeys, type KeyOwner } from './service.ts'
import { createOwnKeyStore } from './store.ts'

let books: Books
beforeAll(async () => {
  books = await openBooks()
}, 180_000)
afterAll(() => books[Symbol.asyncDispose]())

it('notes when a provider began to refuse a key, and takes no refusal of the one before for its own', async () => {
  const ada = await books.person('ada')
  const { seal } = createKeySeal({ platformSecret: 's'.repeat(43) })
  const store = createOwnKeyStore(books.database)
  const told: UserId[] = []
  let now = 1_800_000_000_000
  const keys = createOwnKeys({
    ...{ db: books.database.db, store, seal, check: async () => {} },
    limit: { take: async () => {}, check: async () => {}, giveBack: async () => {} },
    notices: { add: async () => 1, hide: async () => {} },
    audit: { record: async () => {} },
    changed: (userId) => told.push(userId),
    clock: { ...systemClock, now: () => now },
  })
  const owner: KeyOwner = {
    request: { address: '192.0.2.1' },
    principal: {
      ...{ how: 'session', sessionId: 'ses_1', userId: ada, handle: 'ada', role: 'member' },
      ...{ scopes: [], provedAt: null },
    },
  }
  const refusedAt = async () => (await store.list(ada)).map((key) => key.refusedAt?.getTime())
  await keys.set(owner, { provider: 'anthropic', key: 'sk-ant-0123456789' })
  await keys.noteRefused(ada, 'anthropic')
  expect(await refusedAt()).toEqual([undefined])
  now += 60_001
  const first = now
  await keys.noteRefused(ada, 'anthropic')
  now += 1_000
  await keys.noteRefused(ada, 'anthropic')
  await keys.noteRefused(ada, 'openai')
  expect(await refusedAt()).toEqual([first])
  // Once for the key, once for the first refusal.
  expect(told).toEqual([ada, ada])
  await keys.set(owner, { provider: 'anthropic', key: 'sk-ant-9876543210' })
  expect(await refusedAt()).toEqual([undefined])
})
