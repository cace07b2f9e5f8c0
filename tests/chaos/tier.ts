/** Sends computers to a tier of sleep, as the sweep does it once nobody has come for long enough. */
import type { SleepTier } from '@matrixos/shared'
import type { Person } from './people.ts'
import type { World } from './world.ts'

/** All that a round is over for: the next one has the machine to itself, and an upgrade nobody else to move. */
export async function layDown({ sql }: World): Promise<void> {
  const rows = await sql<{ id: string }[]>`
    update instances set desired = 'asleep', version = version + 1 where desired in ('awake', 'paused') returning id`
  for (const { id } of rows) await notify(sql, id)
}

export async function sendTo({ sql }: World, person: Person, tier: SleepTier | 'archived'): Promise<void> {
  const id = (await person.row())?.id ?? ''
  await sql`update instances set desired = ${tier}, version = version + 1 where id = ${id}`
  await notify(sql, id)
}

async function notify(sql: World['sql'], id: string): Promise<void> {
  const notice = `instances ${JSON.stringify({ from: 'chaos', notice: { id } })}`
  await sql`select pg_notify('matrixos', ${notice})`
}
