/** The SQL of device logins. Each verb is one statement, so that of several at once one wins. */
import type { SessionId, UserId } from '@matrixos/shared'
import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../../db/database.ts'
import { deviceLogins, sessions } from '../../../db/schema/index.ts'

export type DeviceLoginRow = typeof deviceLogins.$inferSelect

export type DeviceStore = ReturnType<typeof createDeviceStore>

/** RFC 8628, section 3.5: whoever asks too soon waits so much longer from then on. */
const SLOW_DOWN_S = 5
const LONGEST_INTERVAL_S = 60
/** A device that waits just long enough may still seem early by the time that its answer took to reach it. */
const SLACK_S = 1

/** The device that shows the code and the one that asks for the token are the same program. */
export interface Device {
  deviceHash: string
  clientName: string
}

export function createDeviceStore({ db }: Pick<Database, 'db'>) {
  const isDevice = ({ deviceHash, clientName }: Device) =>
    and(eq(deviceLogins.deviceHash, deviceHash), eq(deviceLogins.clientName, clientName))
  const first = (rows: DeviceLoginRow[]): DeviceLoginRow | null => rows[0] ?? null

  return {
    /** `false` when another login under way has the same code. */
    async insert(row: DeviceLoginRow): Promise<boolean> {
      const inserted = await db.insert(deviceLogins).values(row).onConflictDoNothing().returning()
      return inserted.length > 0
    },

    /** For the session that sees the code first, and for no other after that. */
    async claim(userCode: string, by: { sessionId: SessionId; userId: UserId; now: Date }) {
      const isFree = or(isNull(deviceLogins.claimedBy), eq(deviceLogins.claimedBy, by.sessionId))
      return first(
        await db
          .update(deviceLogins)
          .set({ claimedBy: by.sessionId, userId: by.userId })
          .where(and(eq(deviceLogins.userCode, userCode), gt(deviceLogins.expiresAt, by.now), isFree))
          .returning(),
      )
    },

    /** Once, by the session that claimed it; `null` otherwise. */
    async decide(
      userCode: string,
      by: { sessionId: SessionId; now: Date },
      decision: 'approved' | 'denied',
      tx: DbOrTx = db,
    ) {
      const isTheirs = eq(deviceLogins.claimedBy, by.sessionId)
      const isOpen = and(isNull(deviceLogins.decision), gt(deviceLogins.expiresAt, by.now))
      return first(
        await tx
          .update(deviceLogins)
          .set({ decision })
          .where(and(eq(deviceLogins.userCode, userCode), isTheirs, isOpen))
          .returning(),
      )
    },

    /** Takes an approved login out; `null` when there is none, or another poll took it. */
    async take(tx: DbOrTx, device: Device, now: Date) {
      const isGood = and(eq(deviceLogins.decision, 'approved'), gt(deviceLogins.expiresAt, now))
      return first(
        await tx
          .delete(deviceLogins)
          .where(and(isDevice(device), isGood))
          .returning(),
      )
    },

    /** Whether the session that decided still stands. */
    async isDeciderIn(tx: DbOrTx, { claimedBy }: Pick<DeviceLoginRow, 'claimedBy'>): Promise<boolean> {
      return claimedBy !== null && (await tx.$count(sessions, eq(sessions.id, claimedBy))) > 0
    },

    find: async (device: Device) => first(await db.select().from(deviceLogins).where(isDevice(device))),

    /** Notes that the device asked; `false` when it asked sooner than it may, and has to wait longer from now on. */
    async notePoll(device: Device, now: Date): Promise<boolean> {
      const waited = sql`${deviceLogins.lastPolledAt} <= ${now.toISOString()}::timestamptz
        - make_interval(secs => ${deviceLogins.intervalS} - ${SLACK_S})`
      const inTime = await db
        .update(deviceLogins)
        .set({ lastPolledAt: now })
        .where(and(isDevice(device), or(isNull(deviceLogins.lastPolledAt), waited)))
        .returning({ id: deviceLogins.id })
      if (inTime.length > 0) return true
      const intervalS = sql`least(${deviceLogins.intervalS} + ${SLOW_DOWN_S}, ${LONGEST_INTERVAL_S})`
      await db.update(deviceLogins).set({ lastPolledAt: now, intervalS }).where(isDevice(device))
      return false
    },

    async deleteExpired(before: Date): Promise<void> {
      await db.delete(deviceLogins).where(lte(deviceLogins.expiresAt, before))
    },
  }
}
