/** As if what runs with its next image had run for long enough to keep it: the database's clock cannot be moved. */
import type { Sql } from 'postgres'

/** `handle`: of one computer alone. */
export async function settleUpgrades(sql: Sql, handle?: string): Promise<void> {
  await sql`
    update instances set observed_at = observed_at - interval '1 minute'
    where observed = 'running' and former_generation is not null ${handle === undefined ? sql`` : sql`and handle = ${handle}`}`
}
