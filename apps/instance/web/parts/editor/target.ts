/** What a window of the editor shows, as it is kept over reloads. */
import * as z from 'zod/mini'

const target = z.object({
  path: z.string(),
  /** Counted from 1, as the column is. */
  line: z.optional(z.number()),
  column: z.optional(z.number()),
  /** The first line that is to be seen. */
  top: z.optional(z.number()),
})
export type EditorTarget = z.infer<typeof target>
/** Where in a file somebody is. */
export type TextPlace = Required<Omit<EditorTarget, 'path'>>

export function readTarget(value: unknown): EditorTarget | null {
  const read = z.safeParse(target, value)
  return read.success ? read.data : null
}
