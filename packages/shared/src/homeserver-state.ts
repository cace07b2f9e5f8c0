/** How the homeserver is doing, as administrators see it. */
import { z } from 'zod'

const count = z.number().int().nonnegative()

export const homeserverStateSchema = z.object({
  /** `off`: there is none. */
  state: z.enum(['off', 'up', 'down']),
  /** Since when, ISO 8601, as far as the api process that answers knows. */
  since: z.string().nullable(),
  /** What is wrong with it. */
  why: z.string().nullable(),
  /** Accounts to be made or removed. */
  pending: count,
  /** Of these, what it refused. */
  refused: count,
  /** Messages in the clear where that must not be, in the last 7 days. */
  plaintext7d: count,
})
export type HomeserverState = z.infer<typeof homeserverStateSchema>
