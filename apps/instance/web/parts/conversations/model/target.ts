/** What a window of messages shows, as it is kept over reloads. */
import * as z from 'zod/mini'

const target = z.object({ conversation: z.optional(z.string()), isNew: z.optional(z.boolean()) })

export const readTarget = (given: unknown): string | null =>
  z.safeParse(target, given).data?.conversation ?? null

export const isNewTarget = (given: unknown): boolean => z.safeParse(target, given).data?.isNew === true
