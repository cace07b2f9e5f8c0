/** What a window of the files shows, as it is kept over reloads. */
import * as z from 'zod/mini'

const target = z.object({ path: z.optional(z.string()), selected: z.optional(z.string()) })
export type FilesTarget = z.infer<typeof target>

export function readTarget(value: unknown): FilesTarget {
  const read = z.safeParse(target, value)
  return read.success ? read.data : {}
}
