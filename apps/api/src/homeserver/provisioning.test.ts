/** Accounts at the homeserver follow the people of the platform, on a database. */
import type { InstanceId, UserId } from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { instances, matrixAccounts, matrixLogins, users } from '../db/schema/index.ts'
import { HomeserverError } from '../ports/homeserver.ts'
import { createSeal } from '../seal.ts'
import { openSleepers } from '../tenants/idle/testing/sleepers.ts'
import { createAccountStore } from './accounts-store.ts'
import { createLoginStore } from './logins-store.ts'
import { createNameStore } from './names-store.ts'
import { createProvisioning } from './provisioning.ts'
import { createMemoryHomeserver, type MemoryHomeserver } from './testing/memory-homeserver.ts'

const { seal, open } = createSeal({ platformSecret: 'p'.repeat(43), purpose: 'matrix-token' })
const log = pino({ level: 'silent' })
let sleepers: Awaited<ReturnType<typeof openSleepers>>
let homeserver: MemoryHomeserver
let now = Date.now()

beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(async () => {
  homeserver = createMemoryHomeserver()
  await sleepers.empty()
  await sleepers.database.db.delete(matrixAccounts)
})

const round = (hold: () => Promise<boolean> = async () => true) =>
  createProvisioning({
    ...{ homeserver, store: createAccountStore(sleepers.database), hold, open, log },
    names: createNameStore(sleepers.database),
    logins: createLoginStore(sleepers.database),
    clock: { now: () => now },
  })()
const remove = (id: InstanceId) => sleepers.database.db.delete(instances).where(eq(instances.id, id))
const states = async () =>
  Object.fromEntries(
    (await sleepers.database.db.select().from(matrixAccounts)).map(({ localpart, state }) => [
      localpart,
      state,
    ]),
  )

it('makes an account for each person and each AI, once', async () => {
  const { handle } = await sleepers.instance()
  const other = await sleepers.instance()
  await round()
  await round()
  expect([...homeserver.accounts.keys()].sort()).toEqual(
    [handle, `${handle}_ai`, other.handle, `${other.handle}_ai`].sort(),
  )
  expect(homeserver.accounts.get(`${handle}_ai`)).toBe(`${handle} (AI)`)
})

it('calls people and their AIs what they are called by now, also when that could not be at first', async () => {
  const { handle } = await sleepers.instance()
  await round()
  await sleepers.database.db.update(users).set({ displayName: 'Countess' })
  homeserver.refuses.add(handle)
  await round()
  expect(homeserver.accounts.get(`${handle}_ai`)).toBe('Countess (AI)')
  expect(homeserver.accounts.get(handle)).toBe(handle)
  homeserver.refuses.clear()
  await round()
  expect(homeserver.accounts.get(handle)).toBe(handle)
  now += 601_000
  await round()
  expect(homeserver.accounts.get(handle)).toBe('Countess')
  expect(await createAccountStore(sleepers.database).counts()).toEqual({ pending: 0, refused: 0 })
})

it('makes as many as there are, in rounds of fifty', async () => {
  for (let made = 0; made < 55; made++) await sleepers.instance()
  await round()
  expect(homeserver.accounts.size).toBe(110)
})

it('catches up with what came while the homeserver was away', async () => {
  const { handle } = await sleepers.instance()
  homeserver.isAway = true
  await expect(round()).rejects.toMatchObject({ kind: 'away' })
  expect(await states()).toEqual({ [handle]: 'wanted', [`${handle}_ai`]: 'wanted' })
  homeserver.isAway = false
  await round()
  expect(await states()).toEqual({ [handle]: 'made', [`${handle}_ai`]: 'made' })
})

it('deactivates who left, also when that could not be at first', async () => {
  const { id, handle } = await sleepers.instance()
  await round()
  homeserver.isAway = true
  await remove(id)
  await expect(round()).rejects.toMatchObject({ kind: 'away' })
  homeserver.isAway = false
  await round()
  expect([homeserver.accounts.get(handle), homeserver.accounts.get(`${handle}_ai`)]).toEqual([null, null])
  expect(await states()).toEqual({ [handle]: 'gone', [`${handle}_ai`]: 'gone' })
})

it('keeps the accounts of who may still take a deletion back', async () => {
  const { id, handle } = await sleepers.instance()
  await round()
  const wish = (desired: 'leaving' | 'deleted') =>
    sleepers.database.db.update(instances).set({ desired }).where(eq(instances.id, id))
  await wish('leaving')
  await round()
  expect(homeserver.accounts.get(handle)).toBe(handle)
  await wish('deleted')
  await round()
  expect(homeserver.accounts.get(handle)).toBeNull()
})

it('gives the name of who left to nobody: whoever gets the handle later is another', async () => {
  const { id, handle } = await sleepers.instance()
  await round()
  await remove(id)
  await round()
  const next = await sleepers.instance()
  await sleepers.database.db.update(instances).set({ handle }).where(eq(instances.id, next.id))
  await round()
  expect(homeserver.accounts.get(handle)).toBeNull()
  expect([...homeserver.accounts.keys()]).toEqual([handle, `${handle}_ai`, `${handle}.2`, `${handle}.2_ai`])
})

it('counts on, however often a handle was given out', async () => {
  const { handle } = await sleepers.instance()
  const of = {
    instanceId: 'ins_gone' as InstanceId,
    kind: 'person',
    state: 'gone',
    displayName: 'X',
  } as const
  const earlier = [handle, ...Array.from({ length: 8 }, (_, at) => `${handle}.${at + 2}`)]
  await sleepers.database.db
    .insert(matrixAccounts)
    .values([...earlier, `${handle}x`].map((localpart) => ({ ...of, localpart })))
  await round()
  expect([...homeserver.accounts.keys()]).toEqual([`${handle}.10`, `${handle}.10_ai`])
})

it('finds another name where the homeserver knows one as deactivated that the platform does not', async () => {
  const { handle } = await sleepers.instance()
  homeserver.accounts.set(`${handle}_ai`, null)
  await round()
  await round()
  const made = Object.entries(await states()).filter(([, state]) => state === 'made')
  expect(made.map(([localpart]) => localpart).sort()).toEqual([`${handle}.2`, `${handle}.2_ai`])
})

it('asks again later for what was refused, and meanwhile does everything else', async () => {
  const { handle } = await sleepers.instance()
  homeserver.refuses.add(handle)
  await round()
  expect(await states()).toEqual({ [handle]: 'wanted', [`${handle}_ai`]: 'made' })
  homeserver.refuses.clear()
  await round()
  expect(homeserver.accounts.has(handle)).toBe(false)
  now += 600_001
  await round()
  expect(homeserver.accounts.has(handle)).toBe(true)
})

it('does nothing where another process is at it', async () => {
  await sleepers.instance()
  await round(async () => false)
  expect(homeserver.accounts.size).toBe(0)
})

async function withClients() {
  const people = [await sleepers.instance(), await sleepers.instance()] as const
  await round()
  const logins = createLoginStore(sleepers.database)
  for (const { handle, userId } of people) {
    const deviceId = `PHONE${handle}`
    const { accessToken } = await homeserver.signIn(handle, { id: deviceId, name: 'Phone', expires: false })
    const sealed = seal(accessToken, deviceId, systemClock.random)
    await logins.add({ ...sealed, deviceId, userId, name: 'Phone', createdAt: new Date() })
  }
  return people
}
const suspend = (userId?: UserId) =>
  sleepers.database.db
    .update(users)
    .set({ suspendedAt: new Date() })
    .where(userId && eq(users.id, userId))
const clients = () => [...homeserver.tokens.values()]

it("signs out the clients of who is suspended, and nobody else's", async () => {
  const [locked, other] = await withClients()
  await suspend(locked.userId)
  await round()
  expect(clients()).toEqual([`${other.handle} PHONE${other.handle}`])
  expect(await sleepers.database.db.$count(matrixLogins)).toBe(1)
})

it('signs out a client whose token cannot be read, and whom comes after one that is refused', async () => {
  const [first, second] = await withClients()
  await suspend()
  const spoilt = { ciphertext: new Uint8Array(40) }
  await sleepers.database.db.update(matrixLogins).set(spoilt)
  const { signIn } = homeserver
  homeserver.signIn = (localpart, device) =>
    localpart === first.handle
      ? Promise.reject(new HomeserverError('refused', 'It will not.'))
      : signIn(localpart, device)
  await round()
  expect(clients()).toEqual([`${first.handle} PHONE${first.handle}`])
  expect(await sleepers.database.db.select().from(matrixLogins)).toMatchObject([{ userId: first.userId }])
  expect(second.userId).not.toBe(first.userId)
})
