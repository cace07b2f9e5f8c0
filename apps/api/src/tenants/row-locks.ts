/** The order in which statements lock several instances: without one, two api processes can deadlock. */
import { type SQL, sql } from 'drizzle-orm'
import { instances } from '../db/schema/index.ts'

/** For an update's `where`: the instances that meet the condition, locked one after the other in the order of their ids. */
export const lockedInOrder = (condition: SQL): SQL =>
  sql`${instances.id} in (select ${instances.id} from ${instances} where ${condition} order by ${instances.id} for no key update)`
