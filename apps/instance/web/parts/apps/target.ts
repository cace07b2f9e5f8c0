/** What windows of the apps show, as it is kept over reloads. */
import * as z from 'zod/mini'

const name = z.string().check(z.maxLength(64))
const list = z.object({ isNew: z.optional(z.boolean()) })
const one = z.object({ name })

export const asksForNew = (target: unknown): boolean => z.safeParse(list, target).data?.isNew === true

export const appIn = (target: unknown): string | null => z.safeParse(one, target).data?.name ?? null
