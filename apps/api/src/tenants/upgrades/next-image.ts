/** What the statements of upgrades share. */
import { and, eq, isNull, notInArray, sql } from 'drizzle-orm'
import { instances, rolloutInstances } from '../../db/schema/index.ts'
import { nextVersion } from '../row-sql.ts'

/** Nobody acts on it. A lease that ran out is a dead process's: its action comes first. */
export const isFree = isNull(instances.leaseOwner)

/** Neither runs nor is about to, in whichever tier of sleep. */
export const isAtRest = notInArray(instances.observed, [
  'creating',
  'starting',
  'running',
  'paused',
  'stopping',
])

export const isWaiting = (rolloutId: number) =>
  and(eq(rolloutInstances.rolloutId, rolloutId), eq(rolloutInstances.step, 'waiting'))

/** The next image is its own, in a container beside the one before, which stays as long as that may be gone back to. */
export const next = (toImage: string) => ({
  image: toImage,
  generation: sql`${instances.generation} + 1`,
  formerImage: sql`coalesce(${instances.formerImage}, ${instances.image})`,
  formerGeneration: sql`coalesce(${instances.formerGeneration}, ${instances.generation})`,
  doneSteps: [],
  version: nextVersion,
})
