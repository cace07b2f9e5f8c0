/** A database of its own with people in it, who are whatever a test wants them to be. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Desired, newId, type UserId } from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import { systemClock } from '../../clock.ts'
import { handles, instances, users } from '../../db/schema/index.ts'
import { openPrepared } from '../../drivers/database/testing/prepared.ts'

export interface PersonSetUp {
  displayName?: string
  isSuspended?: boolean
  desired?: Desired
  createdAt?: Date
}

export async function openPeople() {
  const folder = mkdtempSync(join(tmpdir(), 'mos-people-'))
  const database = await openPrepared(folder)
  const { db } = database

  async function person(handle: string, set: PersonSetUp = {}) {
    const { displayName = handle, isSuspended = false, desired = 'asleep', createdAt = new Date() } = set
    const id = newId('usr', systemClock)
    const instanceId = newId('ins', systemClock)
    const suspendedAt = isSuspended ? createdAt : null
    await db.insert(handles).values({ handle })
    await db
      .insert(users)
      .values({ id, handle, displayName, webauthnId: systemClock.random(64), createdAt, suspendedAt })
    await db.insert(instances).values({
      ...{ id: instanceId, userId: id, handle, image: 'i', desired, observed: 'stopped', isSuspended },
      ...{ observedAt: createdAt, lastUsedAt: createdAt, createdAt, version: 1 },
    })
    return { id, handle, instanceId }
  }

  return {
    database,
    person,
    /** Changes how somebody stands. */
    async stand(userId: UserId, { isSuspended = false, desired = 'asleep' }: PersonSetUp): Promise<void> {
      await db
        .update(users)
        .set({ suspendedAt: isSuspended ? new Date() : null })
        .where(eq(users.id, userId))
      await db.update(instances).set({ desired, isSuspended }).where(eq(instances.userId, userId))
    },
    close: async () => {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
