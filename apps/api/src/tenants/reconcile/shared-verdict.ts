/**
 * What a self-test found open counts in every process, and after a restart: it is a row, until a test of whichever
 * process finds it closed.
 */
import { eq } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { wallFailures } from '../../db/schema/index.ts'
import type { Runtime } from '../../ports/runtime.ts'

/** There is one network of instances. */
const WALLS = 'instances'

export const createVerdictStore = ({ db }: Pick<Database, 'db'>) => ({
  /** `null`: nothing is open. */
  async read(): Promise<string | null> {
    const [row] = await db.select().from(wallFailures).where(eq(wallFailures.walls, WALLS))
    return row?.failure ?? null
  },

  async write(failure: string | null): Promise<void> {
    if (failure === null) {
      await db.delete(wallFailures).where(eq(wallFailures.walls, WALLS))
      return
    }
    await db
      .insert(wallFailures)
      .values({ walls: WALLS, failure })
      .onConflictDoUpdate({ target: wallFailures.walls, set: { failure } })
  },
})

export interface SharedVerdictOptions {
  store: ReturnType<typeof createVerdictStore>
  runtime: Pick<Runtime, 'foundOpen' | 'takeFoundOpen'>
}

export type SharedVerdict = ReturnType<typeof createSharedVerdict>

export function createSharedVerdict({ store, runtime }: SharedVerdictOptions) {
  /** Tests under way, and verdicts that are not written yet: the row knows less than this process then. */
  let ahead = 0
  let turn = 0
  let isUnwritten = false

  async function write(): Promise<void> {
    await store.write(runtime.foundOpen())
    isUnwritten = false
  }

  return {
    /** Performs a test, and tells the others what is known after it. Throws what the test throws. */
    async tell<T>(test: () => Promise<T>): Promise<T> {
      ahead++
      try {
        const before = runtime.foundOpen()
        const found = await test()
        // Nothing before and nothing now is no news.
        isUnwritten ||= before !== null || runtime.foundOpen() !== null
        // What cannot be written now is, before the row is read the next time.
        if (isUnwritten) await write().catch(() => undefined)
        return found
      } finally {
        ahead--
        turn++
      }
    },

    /** Takes what the others know. Throws where the database does not answer: what was known stands. */
    async take(): Promise<void> {
      if (ahead > 0) return
      if (isUnwritten) return await write()
      const asked = turn
      const failure = await store.read()
      if (ahead === 0 && asked === turn) runtime.takeFoundOpen(failure)
    },
  }
}
