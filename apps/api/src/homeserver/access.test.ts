/** What an instance is given of the homeserver, on a database. */
import { matrixAccess } from '@matrixos/shared'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { matrixAccounts } from '../db/schema/index.ts'
import { createSeal } from '../seal.ts'
import { openSleepers } from '../tenants/idle/testing/sleepers.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { createMatrixAccess } from './access.ts'
import { createAccountStore } from './accounts-store.ts'
import { createMemoryHomeserver, type MemoryHomeserver } from './testing/memory-homeserver.ts'

let sleepers: Awaited<ReturnType<typeof openSleepers>>
let homeserver: MemoryHomeserver
let row: InstanceRow
let now = Date.now()
let generation = 1
let isOurs = true
let beforeHold = async () => undefined as unknown

beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(async () => {
  homeserver = createMemoryHomeserver()
  generation = 1
  isOurs = true
  beforeHold = async () => undefined
  await sleepers.empty()
  await sleepers.database.db.delete(matrixAccounts)
  row = await sleepers.instance()
})

const service = () =>
  createMatrixAccess({
    ...{ homeserver, store: createAccountStore(sleepers.database) },
    seal: createSeal({ platformSecret: 'p'.repeat(43), purpose: 'matrix-token' }),
    async hold() {
      await beforeHold()
      return isOurs
    },
    release: async () => undefined,
    generationOf: (id) => (id === row.id ? generation : undefined),
    homeserverUrl: 'http://10.0.0.1:8008',
    clock: { ...systemClock, now: () => now },
    log: pino({ level: 'silent' }),
  })
const access = () => service().access(row.id)
const make = async () => {
  const store = createAccountStore(sleepers.database)
  await store.plan(10)
  for (const account of await store.due(new Date(), 10)) await store.settle(account, 'made')
}
async function ready() {
  const given = matrixAccess.parse(await access())
  if (given.state !== 'ready') throw new Error(`It is ${given.state}.`)
  return given
}

it('says to ask again while accounts are made, and while the homeserver is away', async () => {
  expect(await access()).toEqual({ state: 'pending', retryAfterS: 5 })
  await make()
  homeserver.isAway = true
  expect((await access()).state).toBe('pending')
  homeserver.isAway = false
  expect((await access()).state).toBe('ready')
})

it('gives a token of a device of its own for the person and for the AI', async () => {
  await make()
  const given = await ready()
  expect(given.homeserverUrl).toBe('http://10.0.0.1:8008')
  expect([given.person.userId, given.ai.userId]).toEqual([
    `@${row.handle}:mos.test`,
    `@${row.handle}_ai:mos.test`,
  ])
  expect(given.person.deviceId).not.toBe(given.ai.deviceId)
  expect([...homeserver.tokens].sort()).toEqual(
    [given.person, given.ai]
      .map(({ accessToken, deviceId, userId }) => [accessToken, `${userId.slice(1, -9)} ${deviceId}`])
      .sort(),
  )
})

it('gives the same one again, also while the homeserver is away, and rests none in the clear', async () => {
  await make()
  const first = await ready()
  homeserver.isAway = true
  expect(await ready()).toEqual(first)
  const rows = await sleepers.database.db.select().from(matrixAccounts)
  const resting = rows.map(({ ciphertext }) => Buffer.from(ciphertext ?? []).toString('latin1')).join()
  expect(resting).not.toContain(first.ai.accessToken)
})

it('gives another of the same device when half of its life is over, and with another token for AI calls', async () => {
  await make()
  const first = await ready()
  now += 43_200_000
  const second = await ready()
  generation = 2
  const third = await ready()
  const tokens = [first, second, third].map(({ ai }) => ai.accessToken)
  expect(new Set(tokens).size).toBe(3)
  expect(new Set([first, second, third].map(({ ai }) => ai.deviceId)).size).toBe(1)
})

it('gives another device to a computer that lost its keys, and ends the one before', async () => {
  await make()
  const first = await ready()
  await service().newDevice(row.id)
  const second = await ready()
  expect(second.ai.deviceId).not.toBe(first.ai.deviceId)
  expect([...homeserver.tokens.keys()].sort()).toEqual(
    [second.person.accessToken, second.ai.accessToken].sort(),
  )
})

it('signs in anew where a token that rests cannot be read, and ends the device of a lost one all the same', async () => {
  await make()
  const first = await ready()
  const spoil = () => sleepers.database.db.update(matrixAccounts).set({ ciphertext: new Uint8Array(40) })
  await spoil()
  const second = await ready()
  expect(second.ai.deviceId).toBe(first.ai.deviceId)
  expect(second.ai.accessToken).not.toBe(first.ai.accessToken)
  await spoil()
  await service().newDevice(row.id)
  const third = await ready()
  expect([...homeserver.tokens.keys()].sort()).toEqual(
    [third.person.accessToken, third.ai.accessToken].sort(),
  )
})

it('signs nobody in while another process does', async () => {
  await make()
  isOurs = false
  expect((await access()).state).toBe('pending')
  expect(homeserver.tokens.size).toBe(0)
})

it('gives what another call has signed in meanwhile, and signs nobody in twice', async () => {
  await make()
  const other = service()
  beforeHold = async () => {
    beforeHold = async () => undefined
    await other.access(row.id)
  }
  await ready()
  expect(homeserver.tokens.size).toBe(2)
})
