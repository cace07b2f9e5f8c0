/** What a window of the preview shows, as it is kept over reloads. */
import * as z from 'zod/mini'

const target = z.object({ path: z.string() })
export type PreviewTarget = z.infer<typeof target>

export function readTarget(value: unknown): PreviewTarget | null {
  const read = z.safeParse(target, value)
  return read.success ? read.data : null
}
