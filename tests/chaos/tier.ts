/** Sends computers to a tier of sleep, as the sweep does it once nobody has come for long enough. */
import type { SleepTier } from '@matrixos/shared'
import type { Person } from './people.ts'
import type { World } from './world.ts'

export async function sendTo({ sql }: World, person: Person, tier: SleepTier | 'archived'): Promise<void> {
  const id = (await person.row())?.id ?? ''
  const notice = `instances ${JSON.stringify({ from: 'chaos', notice: { id } })}`
  await sql`update instances set desired = ${tier}, version = version + 1 where id = ${id}`
  await sql`select pg_notify('matrixos', ${notice})`
}
