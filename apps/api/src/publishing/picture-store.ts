/** The SQL of the pictures that link previews show. */
import { and, eq } from 'drizzle-orm'
import type { Database, Tx } from '../db/database.ts'
import { publicationPictures as pictures, publications } from '../db/schema/index.ts'
import { type AppKey, isApp } from './store.ts'

export type Picture = Pick<typeof pictures.$inferSelect, 'type' | 'bytes'>

export type PictureStore = ReturnType<typeof createPictureStore>

export const createPictureStore = ({ db }: Pick<Database, 'db'>) => ({
  /** `null`: none any more. `false`: the app was never published. */
  set: (app: AppKey, picture: (Picture & { version: string }) | null): Promise<boolean> =>
    db.transaction(async (tx: Tx) => {
      const known = await tx
        .update(publications)
        .set({ pictureVersion: picture?.version ?? null })
        .where(isApp(app))
        .returning({ app: publications.app })
      if (known.length === 0) return false
      await tx.delete(pictures).where(and(eq(pictures.instanceId, app.instanceId), eq(pictures.app, app.app)))
      if (!picture) return true
      const { type, bytes } = picture
      await tx.insert(pictures).values({ instanceId: app.instanceId, app: app.app, type, bytes })
      return true
    }),

  /** `null`: there is none. */
  async of({ instanceId, app }: AppKey): Promise<Picture | null> {
    const [found] = await db
      .select({ type: pictures.type, bytes: pictures.bytes })
      .from(pictures)
      .where(and(eq(pictures.instanceId, instanceId), eq(pictures.app, app)))
    return found ?? null
  },
})
