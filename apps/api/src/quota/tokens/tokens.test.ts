/** Which AI tokens are good, on a database: from the start that gives one out to the end of the one before. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@matrixos/shared'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { aiTokens, handles, instances } from '../../db/schema/index.ts'
import { openPrepared } from '../../drivers/database/testing/prepared.ts'
import { sha256 } from '../../keys.ts'
import { createAiTokenService } from './service.ts'
import { createAiTokenStore } from './store.ts'
import { createAiTokens } from './token.ts'

const SECRET = 'p'.repeat(43)
const DAY_MS = 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'mos-ai-tokens-'))
let database: Database
let made = 0

beforeAll(async () => {
  database = await openPrepared(folder)
}, 180_000)
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const service = (secret = SECRET) =>
  createAiTokenService({
    store: createAiTokenStore(database),
    tokenOf: createAiTokens(secret),
    maxAgeMs: 30 * DAY_MS,
  })

async function instance(observed: 'stopped' | 'running' = 'running') {
  const handle = `h${++made}`
  const id = newId('ins', systemClock)
  const at = new Date()
  const times = { observedAt: at, lastUsedAt: at, createdAt: at }
  const fixed = { image: 'i', desired: 'awake', version: 1, userId: newId('usr', systemClock) } as const
  await database.db.insert(handles).values({ handle })
  await database.db.insert(instances).values({ ...fixed, ...times, id, handle, observed })
  return id
}

const hashes = async (id: Awaited<ReturnType<typeof instance>>) =>
  (await database.db.select().from(aiTokens).where(eq(aiTokens.instanceId, id))).map(({ hash }) => hash)

const age = (id: Awaited<ReturnType<typeof instance>>, days: number) =>
  database.db
    .update(aiTokens)
    .set({ createdAt: sql`now() - ${`${days} days`}::interval` })
    .where(eq(aiTokens.instanceId, id))

it('derives the same token of the same generation, and another of every other', () => {
  const tokenOf = createAiTokens(SECRET)
  const subject = { id: newId('ins', systemClock), aiTokenGeneration: 1 }
  expect(tokenOf(subject)).toMatch(/^mosai_[\w-]{43}$/)
  expect(tokenOf({ ...subject })).toBe(tokenOf(subject))
  expect(tokenOf({ ...subject, aiTokenGeneration: 2 })).not.toBe(tokenOf(subject))
  expect(tokenOf({ ...subject, id: newId('ins', systemClock) })).not.toBe(tokenOf(subject))
  expect(createAiTokens('q'.repeat(43))(subject)).not.toBe(tokenOf(subject))
})

it('stores the hash alone, once, and that of another secret in its place', async () => {
  const id = await instance()
  const subject = { id, aiTokenGeneration: 1 }
  const { issue } = service()
  const token = await issue(subject)
  expect(await issue(subject)).toBe(token)
  expect(await service().issue(subject)).toBe(token)
  expect(await hashes(id)).toEqual([sha256(token)])
  const other = await service('q'.repeat(43)).issue(subject)
  expect(await hashes(id)).toEqual([sha256(other)])
})

it('asks the database at no start but the first that gives a token out', async () => {
  const store = createAiTokenStore(database)
  let kept = 0
  const keep: typeof store.keep = async (...args) => {
    kept++
    await store.keep(...args)
  }
  const { issue } = createAiTokenService({
    ...{ store: { ...store, keep }, tokenOf: createAiTokens(SECRET), maxAgeMs: DAY_MS },
  })
  const id = await instance()
  for (let start = 0; start < 3; start++) await issue({ id, aiTokenGeneration: 1 })
  await issue({ id, aiTokenGeneration: 2 })
  expect(kept).toBe(2)
})

it('keeps the token before until the next is seen in use', async () => {
  const id = await instance()
  const { issue, retire } = service()
  const [first, second] = [
    await issue({ id, aiTokenGeneration: 1 }),
    await issue({ id, aiTokenGeneration: 2 }),
  ].map(sha256)
  await retire([{ id, aiTokenGeneration: 1 }])
  expect((await hashes(id)).sort()).toEqual([first, second].sort())
  await retire([{ id, aiTokenGeneration: 2 }])
  expect(await hashes(id)).toEqual([second])
})

it('ends no token of another instance', async () => {
  const [id, other] = [await instance(), await instance()]
  const { issue, retire } = service()
  for (const each of [id, other]) {
    await issue({ id: each, aiTokenGeneration: 1 })
    await issue({ id: each, aiTokenGeneration: 2 })
  }
  await retire([{ id, aiTokenGeneration: 2 }])
  expect([(await hashes(id)).length, (await hashes(other)).length]).toEqual([1, 2])
})

it('replaces what is old, once, and only of what sleeps', async () => {
  const [asleep, awake, fresh] = [await instance('stopped'), await instance(), await instance('stopped')]
  const { issue, outdated } = service()
  for (const id of [asleep, awake, fresh]) await issue({ id, aiTokenGeneration: 1 })
  await age(asleep, 31)
  await age(awake, 31)
  await age(fresh, 29)
  expect(await outdated()).toEqual([asleep])
  await database.db.update(instances).set({ aiTokenGeneration: 2 }).where(eq(instances.id, asleep))
  expect(await outdated()).toEqual([])
})

it('ends with its instance', async () => {
  const id = await instance()
  await service().issue({ id, aiTokenGeneration: 1 })
  await database.db.delete(instances).where(eq(instances.id, id))
  expect(await hashes(id)).toEqual([])
})
