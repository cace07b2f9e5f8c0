import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { MIGRATIONS_FOLDER } from './database.ts'
import * as schema from './schema/index.ts'

const JOURNAL = 'meta/_journal.json'
const journalSchema = z.looseObject({ entries: z.array(z.looseObject({ tag: z.string() })) })

/** A folder of the migrations before the first that mentions `word`. */
function migrationsBefore(word: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mos-migrations-'))
  cpSync(MIGRATIONS_FOLDER, folder, { recursive: true })
  const journal = journalSchema.parse(JSON.parse(readFileSync(join(folder, JOURNAL), 'utf8')))
  const mentions = ({ tag }: { tag: string }) =>
    readFileSync(join(folder, `${tag}.sql`), 'utf8').includes(word)
  const entries = journal.entries.slice(0, journal.entries.findIndex(mentions))
  expect(entries.length).toBeGreaterThan(0)
  writeFileSync(join(folder, JOURNAL), JSON.stringify({ ...journal, entries }))
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

async function openMemory() {
  const client = await PGlite.create()
  const db = drizzle(client, { schema })
  return { client, db, [Symbol.asyncDispose]: () => client.close() }
}

const person = (name: string, slot: number) => `
  insert into handles (handle) values ('${name}');
  insert into users (id, handle, display_name, webauthn_id, created_at) values ('usr_${name}', '${name}', '${name}', '${name}', now());
  insert into instances (id, user_id, handle, slot, image, desired, observed, observed_at, version, last_used_at, created_at)
    values ('ins_${name}', 'usr_${name}', '${name}', ${slot}, 'i', 'awake', 'running', now(), 1, now(), now());`

it('leaves every container the slot that it was made with, and the token that it has', {
  timeout: 180_000,
}, async () => {
  using before = migrationsBefore('container_slots')
  await using memory = await openMemory()
  const { client, db } = memory
  await migrate(db, { migrationsFolder: before.folder })
  await client.exec(person('ada', 4) + person('bob', 0))
  await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER })
  const held = await db.select().from(schema.containerSlots).orderBy(schema.containerSlots.slot)
  expect(held).toEqual([
    { slot: 0, instanceId: 'ins_bob', generation: 1 },
    { slot: 4, instanceId: 'ins_ada', generation: 1 },
  ])
  const rows = await db.select().from(schema.instances)
  expect(rows.map(({ doneSteps, tokenGeneration }) => ({ doneSteps, tokenGeneration }))).toEqual(
    Array.from({ length: 2 }, () => ({ doneSteps: [], tokenGeneration: 0 })),
  )
})
