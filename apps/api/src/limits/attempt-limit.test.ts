import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { Database } from '../db/database.ts'
import { openPrepared } from '../drivers/database/testing/prepared.ts'
import { createAttemptLimits } from './attempt-limit.ts'

const folder = mkdtempSync(join(tmpdir(), 'mos-attempts-'))
let database: Database
beforeAll(async () => {
  database = await openPrepared(folder)
})
afterAll(async () => {
  await database?.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2030, 0, 1) })
})
afterEach(() => {
  vi.useRealTimers()
})

const RULE = { attempts: 3, seconds: 60, message: 'Too many attempts.' }
const refused = { code: 'too_many_requests', message: 'Too many attempts.' }
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)

/** Two processes' counters of one name. */
const two = (name: string) =>
  [createAttemptLimits(database), createAttemptLimits(database)].map((limits) => limits.of({ ...RULE, name }))

it('counts what several processes take at once', async () => {
  const limits = two('at-once')
  const taken = await Promise.allSettled(
    limits.flatMap((limit) => Array.from({ length: 5 }, () => limit.take('key'))),
  )
  expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
})

it('keeps keys and names apart', async () => {
  const [one] = two('apart')
  const [other] = two('elsewhere')
  for (let i = 0; i < 3; i++) await one?.take('key')
  await expect(one?.take('key')).rejects.toMatchObject(refused)
  await expect(one?.take('another key')).resolves.toBeUndefined()
  await expect(other?.take('key')).resolves.toBeUndefined()
})

it('counts anew once the time is over, and says how long that takes', async () => {
  const [one, other] = two('over')
  for (let i = 0; i < 3; i++) await one?.take('key')
  pass(20_000)
  for (const limit of [one, other]) {
    await expect(limit?.check('key')).rejects.toMatchObject({ ...refused, retryAfterS: 40 })
    await expect(limit?.take('key')).rejects.toMatchObject({ ...refused, retryAfterS: 40 })
  }
  pass(40_001)
  for (const limit of [one, other, one]) await expect(limit?.take('key')).resolves.toBeUndefined()
  await expect(other?.take('key')).rejects.toMatchObject({ ...refused, retryAfterS: 60 })
})

it('takes an attempt back', async () => {
  const [one, other] = two('back')
  for (let i = 0; i < 3; i++) await one?.take('key')
  await other?.giveBack('key')
  await expect(one?.check('key')).resolves.toBeUndefined()
  await expect(one?.take('key')).resolves.toBeUndefined()
  await expect(other?.take('key')).rejects.toMatchObject(refused)
})

it('counts no refused attempts where only what is done counts', async () => {
  const rule = { ...RULE, name: 'done', ignoresRefused: true }
  const [one, other] = [createAttemptLimits(database).of(rule), createAttemptLimits(database).of(rule)]
  const taken = await Promise.allSettled(Array.from({ length: 12 }, () => one.take('key')))
  expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  // Two of the three are not done after all: two more may be, in whichever process, and no third.
  await one.giveBack('key')
  await one.giveBack('key')
  await expect(one.check('key')).resolves.toBeUndefined()
  await expect(one.take('key')).resolves.toBeUndefined()
  await expect(other.take('key')).resolves.toBeUndefined()
  await expect(one.take('key')).rejects.toMatchObject(refused)
})

it('deletes counters whose time is over', async () => {
  const limits = createAttemptLimits(database)
  const limit = limits.of({ ...RULE, name: 'tidy' })
  await limit.take('old')
  pass(121_000)
  await limit.take('new')
  await limits.deleteExpired()
  const rows = await database.db.query.attempts.findMany()
  const left = rows.map(({ key }) => key).filter((key) => key.startsWith('tidy:'))
  expect(left).toEqual(['tidy:new'])
})

it('forgets counts of a clock that was far ahead, instead of refusing until it is as late as that', async () => {
  const limits = createAttemptLimits(database)
  const limit = limits.of({ ...RULE, name: 'far-ahead', ignoresRefused: true })
  pass(86_400_000)
  for (let i = 0; i < 3; i++) await limit.take('key')
  pass(-86_400_000)
  await expect(limit.take('key')).rejects.toMatchObject(refused)
  await limits.deleteExpired()
  await limit.take('key')
  await limit.take('key')
  await limits.deleteExpired()
  await limit.take('key')
  await expect(limit.take('key')).rejects.toMatchObject(refused)
})
