/** As if time had passed for upgrades: the database's clock cannot be moved. */
import type { Sql } from 'postgres'

/** As if whoever drives the last one had been silent for as long as its lease: 10 s. */
export async function freeUpgrades(sql: Sql): Promise<void> {
  await sql`update rollouts set lease_until = now() where lease_until > now()`
}

/** As if what runs with its next image had run for long enough to keep it. `handle`: of one computer alone. */
export async function settleUpgrades(sql: Sql, handle?: string): Promise<void> {
  const rows = await sql<{ id: string }[]>`
    select id from instances
    where observed = 'running' and former_generation is not null ${handle === undefined ? sql`` : sql`and handle = ${handle}`}`
  // One by one: a statement that holds several rows meets the platform's own in another order, and both wait for ever.
  for (const { id } of rows)
    await sql`
      update instances set observed_at = observed_at - interval '1 minute'
      where id = ${id} and observed = 'running' and former_generation is not null`
}
