/** Changes to one account's ways to sign in that arrive at once, over connections of their own. */
import { randomBytes } from 'node:crypto'
import { newId, type UserId } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../../../../../tests/support/test-database.ts'
import { systemClock } from '../../clock.ts'
import { handles, users } from '../../db/schema/index.ts'
import { openPostgres } from '../../drivers/database/postgres/index.ts'
import { createOwnedPasskeyStore } from '../passkeys/owned-store.ts'
import { createPasskeyStore, type PasskeyRow } from '../passkeys/store.ts'
import { createRecoveryStore } from '../recovery/store.ts'
import { createFactors } from './service.ts'
import { createFactorStore } from './store.ts'

async function start() {
  const made = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
  const open = () => openPostgres({ url: made.url, maxConnections: 8, statementTimeoutMs: 60_000 })
  const databases = [open(), open()] as const
  await databases[0].migrate()
  const factorsOf = (database: (typeof databases)[number], mostPasskeys = 20) =>
    createFactors({
      db: database.db,
      store: createFactorStore(),
      passkeys: createPasskeyStore(database),
      mostPasskeys,
    })
  return {
    databases,
    factorsOf,
    async person(handle: string): Promise<UserId> {
      const id = newId('usr', systemClock)
      await databases[0].db.insert(handles).values({ handle })
      const person = { id, handle, displayName: handle, webauthnId: systemClock.random(64) }
      await databases[0].db.insert(users).values({ ...person, createdAt: new Date() })
      return id
    },
    async [Symbol.asyncDispose]() {
      for (const database of databases) await database.close()
      await made.drop()
    },
  }
}

function passkey(userId: UserId, id: string): PasskeyRow {
  const now = new Date()
  const key = { publicKey: new Uint8Array(1), counter: 0, transports: [], aaguid: '', name: id }
  return { id, userId, ...key, backupEligible: false, backedUp: false, createdAt: now, lastUsedAt: now }
}

const nothing = async () => undefined
const fulfilled = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.filter(({ status }) => status === 'fulfilled').length

describeReal(['postgres'], 'factors', () => {
  it('never come to none, whoever removes them at once', { timeout: 120_000 }, async () => {
    await using test = await start()
    for (let round = 0; round < 10; round++) {
      const userId = await test.person(`person${round}`)
      const ids = [`one${round}`, `two${round}`]
      for (const id of ids) await test.factorsOf(test.databases[0]).addPasskey(passkey(userId, id), nothing)
      const outcomes = await Promise.allSettled(
        ids.map((id, at) => {
          const database = test.databases[at] ?? test.databases[0]
          const store = createOwnedPasskeyStore(database)
          return test.factorsOf(database).remove(userId, async (tx) => {
            await store.remove(tx, userId, id)
          })
        }),
      )
      expect(fulfilled(outcomes)).toBe(1)
      const left = await createOwnedPasskeyStore(test.databases[0]).listOf(userId)
      expect(left?.passkeys).toHaveLength(1)
    }
  })

  it('are no more than allowed, whoever adds them at once', { timeout: 120_000 }, async () => {
    await using test = await start()
    const userId = await test.person('adder')
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, at) =>
        test
          .factorsOf(test.databases[at % 2] ?? test.databases[0], 3)
          .addPasskey(passkey(userId, `key${at}`), nothing),
      ),
    )
    expect(fulfilled(outcomes)).toBe(3)
  })
})

describeReal(['postgres'], 'a recovery code', () => {
  it('counts once of a hundred times at once', { timeout: 120_000 }, async () => {
    await using test = await start()
    const userId = await test.person('loser')
    const stores = test.databases.map(createRecoveryStore)
    const [store] = stores
    await test.databases[0].db.transaction(
      async (tx) => await store?.replace(tx, userId, ['hash', 'another'], new Date()),
    )
    const uses = await Promise.all(
      Array.from({ length: 100 }, (_, at) => stores[at % 2]?.use('loser', 'hash', new Date())),
    )
    expect(uses.filter((found) => found === userId)).toHaveLength(1)
    expect(await store?.status(userId)).toMatchObject({ left: 1 })
  })
})
