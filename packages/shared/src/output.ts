/** What an owner reads of what their computer printed. */
import { z } from 'zod'
import { instanceEventKindSchema } from './timeline.ts'

/** One run of a computer. `null`s: it goes on. */
export const runViewSchema = z.object({
  endedAt: z.iso.datetime().nullable(),
  /** What ended it, as the timeline says. */
  how: instanceEventKindSchema.nullable(),
})
export type RunView = z.infer<typeof runViewSchema>

export const outputViewSchema = z.object({
  /** Newest first. */
  runs: z.array(runViewSchema),
  /** The end of what the one that was asked for printed; keys and passwords are taken out. */
  text: z.string(),
})
export type OutputView = z.infer<typeof outputViewSchema>
