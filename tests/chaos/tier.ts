/** Sends computers to a tier of sleep, as the sweep does it once nobody has come for long enough. */
import type { SleepTier } from '@matrixos/shared'
import type { Person } from './people.ts'
import type { World } from './world.ts'

/** All that a round is over for, but whom the next one has made ready: an upgrade finds nobody else to move. */
export async function layDown({ sql }: World, next: { handles: readonly string[] } | null): Promise<void> {
  const kept = [...(next?.handles ?? [])]
  const rows = await sql<{ id: string }[]>`
    update instances set desired = 'asleep', version = version + 1 
    where desired in ('awake', 'paused') and handle <> all(${kept}) returning id`
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
