/** The SQL of hand-off tickets. */
import { eq, lte } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { tickets } from '../db/schema/index.ts'

export type TicketStore = ReturnType<typeof createTicketStore>

export function createTicketStore({ db }: Pick<Database, 'db'>) {
  return {
    async insertTicket(row: typeof tickets.$inferSelect): Promise<void> {
      await db.insert(tickets).values(row)
    },

    /** Spends a ticket, once, whatever the caller then finds wrong with it. */
    async takeTicket(hash: string) {
      const rows = await db.delete(tickets).where(eq(tickets.hash, hash)).returning()
      return rows[0] ?? null
    },

    async deleteExpired(now: Date): Promise<void> {
      await db.delete(tickets).where(lte(tickets.expiresAt, now))
    },
  }
}
