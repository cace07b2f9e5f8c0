/**
 * Finds people by how their handle begins, or words of their name. Either is read from its own index and only as far as it
 * is shown, so that a search which many match costs no more than one that few do.
 */
import type { UserId } from '@matrixos/shared'
import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { nameWords, profiles, users } from '../../db/schema/index.ts'
import { LISTED } from '../listed.ts'
import { isSeenBy } from '../visibility.ts'

export type SearchStore = ReturnType<typeof createSearchStore>

/** The first text, in the order of bytes, that does not begin with `prefix`; its characters are ASCII. */
const behind = (prefix: string): string =>
  prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)

export function createSearchStore({ db }: Pick<Database, 'db'>) {
  const people = () => db.select(LISTED).from(users).leftJoin(profiles, eq(profiles.userId, users.id))

  return {
    /** In the order of handles. `prefix`: letters, digits and hyphens, at least one. */
    byHandle: async (viewer: UserId | null, prefix: string, most: number) =>
      people()
        .where(
          and(
            sql`${users.handle} ~>=~ ${prefix}`,
            sql`${users.handle} ~<~ ${behind(prefix)}`,
            isSeenBy(viewer, users.id),
          ),
        )
        .orderBy(sql`${users.handle} using ~<~`)
        .limit(most),

    /** In no order. `words`: each of letters and digits alone; a name has for each a word that begins with it. */
    byName: async (viewer: UserId | null, words: readonly string[], most: number) => {
      const query = words.map((word) => `${word}:*`).join(' & ')
      return people()
        .where(
          and(
            sql`${nameWords(users.displayName)} @@ to_tsquery('simple', ${query})`,
            isSeenBy(viewer, users.id),
          ),
        )
        .limit(most)
    },
  }
}
