/** The administration's SQL on PostgreSQL, over connections of their own. */
import { randomBytes } from 'node:crypto'
import { newId, type UserId } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { eq, sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../../../../tests/support/test-database.ts'
import type { Caller } from '../access/principal.ts'
import { createAuditReader } from '../audit/search.ts'
import { createAudit } from '../audit/store.ts'
import { checkAppendOnly } from '../audit/testing/append-only.ts'
import { systemClock } from '../clock.ts'
import { handles, users } from '../db/schema/index.ts'
import { openPostgres } from '../drivers/database/postgres/index.ts'
import { createEventStore } from '../tenants/events/store.ts'
import { createTenantStore } from '../tenants/store.ts'
import { setSuspended } from '../tenants/suspension-store.ts'
import { createInviteStore } from './invites/store.ts'
import { createOverviewStore } from './overview/store.ts'
import { createPeopleActions } from './people/actions.ts'
import { createPeopleStore } from './people/store.ts'
import { suspensionStore } from './people/suspension-store.ts'

async function start() {
  const made = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
  const open = () => openPostgres({ url: made.url, maxConnections: 8, statementTimeoutMs: 60_000 })
  const databases = [open(), open()] as const
  const [{ db }] = databases
  await databases[0].migrate()
  return {
    databases,
    async person(handle: string, role: 'admin' | 'member' = 'member'): Promise<UserId> {
      const id = newId('usr', systemClock)
      await db.insert(handles).values({ handle })
      const person = { id, handle, displayName: handle, webauthnId: systemClock.random(64), role }
      await db.insert(users).values({ ...person, createdAt: new Date() })
      return id
    },
    async [Symbol.asyncDispose]() {
      for (const database of databases) await database.close()
      await made.drop()
    },
  }
}

const callerOf = (userId: UserId): Caller => ({
  principal: {
    ...{ how: 'session', userId, handle: 'admin', role: 'admin', scopes: [] },
    ...{ sessionId: newId('ses', systemClock), provedAt: new Date() },
  },
  request: { address: '192.0.2.1' },
})

describeReal(['postgres'], 'administration', () => {
  it('keeps an audit log that nobody changes, and reads it', { timeout: 60_000 }, async () => {
    await using test = await start()
    const [database] = test.databases
    await checkAppendOnly(database)
    const reader = createAuditReader(database)
    expect(await reader.actions()).toEqual(['login_refused', 'role_changed'])
    const [first] = await reader.search({ limit: 5, actors: ['a'], action: 'role_changed', to: new Date() })
    expect(first?.action).toBe('role_changed')
    expect(await reader.search({ limit: 5, before: first?.id ?? 0 })).toEqual([])
    expect(await reader.about(['t'], 5)).toHaveLength(2)
  })

  it('pages, counts and measures', { timeout: 60_000 }, async () => {
    await using test = await start()
    const [database] = test.databases
    const [ada, bea] = [await test.person('ada'), await test.person('bea', 'admin')]
    const people = createPeopleStore(database)
    const [newest] = await people.page({}, null, 1)
    const at = newest?.user.createdAt ?? new Date()
    expect((await people.page({}, { at, key: newest?.user.id ?? '' }, 5)).map(({ user }) => user.id)).toEqual(
      [ada],
    )
    expect([await people.total({ state: 'admins' }), await people.total({ search: 'E' })]).toEqual([1, 1])
    expect(await people.methods(ada)).toEqual({ passkeys: 0, totp: false, recoveryCodes: 0, tokens: 0 })
    expect(await people.sessions(ada, new Date(), 5)).toEqual([])
    const invites = createInviteStore(database)
    const invite = { note: '', maxUses: 3, createdBy: bea, createdAt: new Date(), expiresAt: null }
    await invites.insert(database.db, { ...invite, code: 'aaaa' })
    await invites.insert(database.db, { ...invite, code: 'bbbb' })
    const [last] = await invites.page(null, 1)
    expect(last).toMatchObject({ creator: 'bea', invite: { code: 'bbbb' } })
    const next = await invites.page({ at: invite.createdAt, code: 'bbbb' }, 5)
    expect(next.map((row) => row.invite.code)).toEqual(['aaaa'])
    const day = new Date(Date.now() - 86_400_000)
    const overview = createOverviewStore(database)
    expect(await overview.people({ day, week: day })).toMatchObject({ total: 2, admins: 1, signedUp24h: 2 })
    expect(await overview.instances()).toEqual({ total: 0, byObserved: {} })
    const events = createEventStore(database)
    expect(await events.wakesSince(day)).toEqual({ count: 0, p50Ms: null, p95Ms: null })
    expect(await events.failuresSince(day)).toEqual([])
    await events.deleteBefore(day)
  })

  it('spends an invite no more often than it says', { timeout: 60_000 }, async () => {
    await using test = await start()
    const [{ db }] = test.databases
    const stores = test.databases.map((database) => ({ database, invites: createInviteStore(database) }))
    const row = {
      code: 'aaaa',
      note: '',
      createdBy: 'server',
      createdAt: new Date(),
      expiresAt: null,
    } as const
    await stores[0]?.invites.insert(db, { ...row, maxUses: 5 })
    const spends = Array.from({ length: 12 }, (_, at) => {
      const { database, invites } = stores[at % 2] ?? {
        database: test.databases[0],
        invites: createInviteStore({ db }),
      }
      // Every third sign-up fails after it has spent: its use is another's.
      return database.db.transaction(async (tx) => {
        const isSpent = await invites.spend(tx, 'aaaa', new Date())
        if (at % 3 === 0) throw new Error('It fails for another reason.')
        return isSpent
      })
    })
    const outcomes = await Promise.allSettled(spends)
    const spent = outcomes.filter((each) => each.status === 'fulfilled' && each.value).length
    expect(spent).toBeLessThanOrEqual(5)
    const [listed] = await createInviteStore({ db }).page(null, 1)
    expect(listed?.invite.uses).toBe(spent)
  })

  it('keeps one administrator, whoever suspends whom at once', { timeout: 120_000 }, async () => {
    await using test = await start()
    const [{ db }] = test.databases
    for (let round = 0; round < 10; round++) {
      const admins = [
        await test.person(`one${round}`, 'admin'),
        await test.person(`two${round}`, 'admin'),
      ] as const
      const suspend = async (at: 0 | 1) => {
        const database = test.databases[at]
        const actions = createPeopleActions({
          ...{ db: database.db, store: createPeopleStore(database), suspensions: suspensionStore },
          audit: createAudit({ db: database.db, clock: systemClock }),
          tenants: { commandByPlatform: async () => {}, setSuspended, suspensionChanged: () => {} },
          sessions: { endAllOf: async () => () => {} },
          key: 'k',
          clock: systemClock,
        })
        const caller = callerOf(admins[at])
        const ids = [admins[at === 0 ? 1 : 0]]
        const { token } = await actions.preview(caller.principal, { selection: { ids }, action: 'suspend' })
        return (await actions.suspend(caller, { ids, token, reason: 'Because.' })).done
      }
      const outcomes = await Promise.allSettled([suspend(0), suspend(1)])
      expect(outcomes.filter((each) => each.status === 'fulfilled' && each.value === 1)).toHaveLength(1)
      const left = (await createPeopleStore({ db }).admins()).length
      expect(left).toBe(1)
      await db.update(users).set({ role: 'member' }).where(eq(users.role, 'admin'))
    }
  })

  it('suspends somebody whose account is being removed in that very moment', {
    timeout: 60_000,
  }, async () => {
    await using test = await start()
    const [{ db }, other] = test.databases
    const userId = await test.person('ada')
    const row = await createTenantStore({ db, name: 'postgres' }).insert(db, {
      ...{ id: newId('ins', systemClock), userId, handle: 'ada', image: 'i' },
      ...{ desired: 'deleted', error: null, createdAt: new Date() },
    })
    const waiting = async () => {
      const isWaiting = sql`datname = current_database() and wait_event_type = 'Lock'`
      const count = sql`count(*)`.mapWith(Number)
      return (await db.select({ count }).from(sql`pg_stat_activity`).where(isWaiting))[0]?.count
    }
    let removal: Promise<void> | undefined
    await db.transaction(async (tx) => {
      await suspensionStore.lock(tx, [userId])
      removal = createTenantStore(other).removeAccount(row, new Date())
      await expect.poll(waiting, { timeout: 20_000 }).toBe(1)
      await setSuspended(tx, [userId], true)
    })
    await removal
    expect(await createTenantStore({ db, name: 'postgres' }).byId(row.id)).toBeNull()
    expect(await createPeopleStore({ db }).byHandle('ada')).toBeNull()
  })
})
