/** A database as it was before instances had plans and deadlines, with rows of that time, brought up to date. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { z } from 'zod'
import { systemClock } from '../../../clock.ts'
import { type Database, type Db, MIGRATIONS_FOLDER } from '../../../db/database.ts'
import { instances } from '../../../db/schema/index.ts'
import { POLICIES } from '../../testing/policies.ts'
import { createSleepStore } from '../store.ts'

const MIGRATIONS = z
  .object({ entries: z.array(z.object({ tag: z.string() })) })
  .parse(JSON.parse(readFileSync(join(MIGRATIONS_FOLDER, 'meta/_journal.json'), 'utf8')))
  .entries.map(({ tag }) => tag)
const FIRST_NEW = MIGRATIONS.findIndex((tag) => tag.endsWith('_tiers'))

async function apply(db: Db, tags: string[]): Promise<void> {
  for (const tag of tags) {
    const text = readFileSync(join(MIGRATIONS_FOLDER, `${tag}.sql`), 'utf8')
    for (const statement of text.split('--> statement-breakpoint')) await db.execute(sql.raw(statement))
  }
}

/** Last used an hour ago; `isClosing`: the release before has marked it, for a minute without use. */
async function insert(db: Db, handle: string, seen: { desired: string; isClosing: boolean }): Promise<void> {
  const { desired, isClosing } = seen
  const [userId, id] = [newId('usr', systemClock), newId('ins', systemClock)]
  await db.execute(sql`insert into handles (handle) values (${handle})`)
  await db.execute(sql`insert into users (id, handle, display_name, webauthn_id, created_at)
    values (${userId}, ${handle}, ${handle}, convert_to(${handle}::text, 'UTF8'), now())`)
  await db.execute(sql`insert into instances (id, user_id, handle, slot, image, desired, observed, observed_at,
      version, last_used_at, created_at, closing_at, closing_idle_ms)
    select ${id}, ${userId}, ${handle}, count(*), 'i', ${desired}::text,
      case when ${desired}::text = 'awake' then 'running' else 'stopped' end, now(),
      1, now() - interval '1 hour', now(), case when ${isClosing}::boolean then now() end, 60000 from instances`)
}

/** Checks that rows of the release before are right after the upgrade, and go to sleep as any other. */
export async function checkUpgrade({ db }: Pick<Database, 'db'>): Promise<void> {
  await apply(db, MIGRATIONS.slice(0, FIRST_NEW))
  await insert(db, 'idle', { desired: 'awake', isClosing: false })
  await insert(db, 'closing', { desired: 'awake', isClosing: true })
  await insert(db, 'resting', { desired: 'asleep', isClosing: false })
  await apply(db, MIGRATIONS.slice(FIRST_NEW))
  const rows = async () =>
    new Map((await db.select().from(instances)).map((row) => [row.handle, row] as const))

  const before = await rows()
  const untouched = { plan: 'standard', version: 1, tierEndsAt: null, closingTier: 'asleep' }
  expect(before.get('idle')).toMatchObject({ ...untouched, desired: 'awake', closingAt: null })
  expect(before.get('closing')).toMatchObject({
    ...untouched,
    desired: 'awake',
    closingAt: expect.any(Date),
    closingIdleMs: 60_000,
  })
  expect(before.get('resting')).toMatchObject({ ...untouched, desired: 'asleep' })

  const store = createSleepStore({ db })
  await store.checkIn('one')
  // What was marked before needs no new mark.
  await store.sign('one', await store.unsigned('one'))
  expect((await store.putToSleep()).map(({ handle }) => handle)).toEqual(['closing'])
  await store.setDeadlines(POLICIES.descents)
  expect((await store.markDue(POLICIES.descents)).map(({ handle }) => handle)).toEqual(['idle'])
  await store.sign('one', await store.unsigned('one'))
  expect((await store.putToSleep()).map(({ handle }) => handle)).toEqual(['idle'])
  expect([...(await rows()).values()].map(({ desired }) => desired)).toEqual(['asleep', 'asleep', 'asleep'])
  expect((await rows()).get('resting')).toMatchObject({ version: 1 })
}
