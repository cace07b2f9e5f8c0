/** What a window of the editor shows, as it is kept over reloads. */
import * as z from 'zod/mini'

const target = z.object({ path: z.string(), line: z.optional(z.number()) })
export type EditorTarget = z.infer<typeof target>

export function readTarget(value: unknown): EditorTarget | null {
  const read = z.safeParse(target, value)
  return read.success ? read.data : null
}
