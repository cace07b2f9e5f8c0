import { newId, type UserId } from '@matrixos/shared'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../access/principal.ts'
import { createAudit } from '../../audit/store.ts'
import { systemClock } from '../../clock.ts'
import { auditLog, handles, users } from '../../db/schema/index.ts'
import { openSleepers } from '../../tenants/idle/testing/sleepers.ts'
import { createPeopleActions } from './actions.ts'
import { createPeopleStore } from './store.ts'
import { suspensionStore } from './suspension-store.ts'

const MANY = 10_000

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())

describe('ten thousand people', () => {
  beforeAll(async () => {
    const { db } = sleepers.database
    const numbers = sql`generate_series(1, ${MANY}) as n`
    await db.execute(sql`insert into ${handles} (handle) select 'p' || n from ${numbers}`)
    // Two in a row came in the same millisecond: a page may end between them.
    await db.execute(sql`insert into ${users} (id, handle, display_name, webauthn_id, created_at, suspended_at)
      select 'usr_' || lpad(n::text, 26, '0'), 'p' || n, 'Person ' || n || case when n % 100 = 0 then ' 100%_' else '' end,
        decode(lpad(to_hex(n), 128, '0'), 'hex'), timestamptz '2026-01-01' + (n / 2) * interval '1 second',
        case when n % 10 = 0 then now() end from ${numbers}`)
  })

  it('are paged through without a gap or a repetition', async () => {
    const store = createPeopleStore(sleepers.database)
    const seen: string[] = []
    let before: { at: Date; key: string } | null = null
    for (;;) {
      const page = await store.page({ state: 'suspended' }, before, 151)
      seen.push(...page.map(({ user }) => user.handle))
      const last = page.at(-1)
      if (!last) break
      before = { at: last.user.createdAt, key: last.user.id }
    }
    expect(seen).toHaveLength(MANY / 10)
    expect(new Set(seen).size).toBe(MANY / 10)
    expect(seen[0]).toBe(`p${MANY}`)
    const all = await store.page({}, null, 3)
    const next = await store.page(
      {},
      { at: all[1]?.user.createdAt ?? new Date(), key: all[1]?.user.id ?? '' },
      1,
    )
    expect(next[0]?.user.handle).toBe(all[2]?.user.handle)
  })

  it('are found by part of a handle or name, letters alone count', async () => {
    const store = createPeopleStore(sleepers.database)
    expect(await store.total({})).toBe(MANY)
    expect((await store.page({ search: '@P9999' }, null, 10)).map(({ user }) => user.handle)).toEqual([
      'p9999',
    ])
    expect(await store.total({ search: 'person 123' })).toBe(11)
    expect(await store.total({ search: '100%_' })).toBe(MANY / 100)
    expect(await store.total({ search: '%' })).toBe(MANY / 100)
    expect(await store.total({ search: 'p_9' })).toBe(0)
    expect(await store.total({ search: "'; drop table users --" })).toBe(0)
  })
})

describe('an administrator who has ceased to be one meanwhile', () => {
  it('does nothing any more', async () => {
    const [mallory, victim] = [await sleepers.instance(0), await sleepers.instance(0)]
    const { db } = sleepers.database
    const audit = createAudit({ db, clock: systemClock })
    const setRole = (role: 'admin' | 'member') =>
      db.update(users).set({ role }).where(eq(users.id, mallory.userId))
    const actions = createPeopleActions({
      ...{ db, store: createPeopleStore(sleepers.database), suspensions: suspensionStore, audit },
      tenants: {
        commandByPlatform: async () => {},
        setSuspended: async () => [],
        suspensionChanged: () => {},
      },
      sessions: { endAllOf: async () => () => {} },
      key: 'k',
      clock: systemClock,
    })
    const caller: Caller = {
      principal: {
        ...{ how: 'session', userId: mallory.userId, handle: mallory.handle, role: 'admin', scopes: [] },
        ...{ sessionId: newId('ses', systemClock), provedAt: new Date() },
      },
      request: { address: '192.0.2.1' },
    }
    const ids: UserId[] = [victim.userId]
    await setRole('admin')
    const { token } = await actions.preview(caller.principal, { selection: { ids }, action: 'suspend' })
    await setRole('member')
    const attempt = actions.suspend(caller, { ids, token, reason: 'Because.' })
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' })
    const row = await db.query.users.findFirst({ where: eq(users.id, victim.userId) })
    expect(row?.suspendedAt).toBeNull()
    expect(await db.$count(auditLog)).toBe(0)
  })
})
