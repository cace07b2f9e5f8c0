/** What the computer and the process of its terminals tell each other, over the channel between parent and child. */
import * as z from 'zod/mini'

export const toHost = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    home: z.string(),
    shell: z.string(),
    environment: z.record(z.string(), z.string()),
    longMs: z.number(),
  }),
  /** Comes with the connection itself, which was asked to become a WebSocket. `head`: base64. */
  z.object({
    type: z.literal('connection'),
    url: z.string(),
    headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    head: z.string(),
  }),
  /** For every page at a terminal. */
  z.object({ type: z.literal('notice'), message: z.string() }),
  z.object({ type: z.literal('stop') }),
])
export type ToHost = z.infer<typeof toHost>

export const fromHost = z.discriminatedUnion('type', [
  /** Nobody looks and nothing runs. `received`: connections so far; none may be on its way when it is told to stop. */
  z.object({ type: z.literal('idle'), received: z.number() }),
  z.object({
    type: z.literal('unseen-end'),
    run: z.object({ session: z.string(), program: z.string(), place: z.string(), ranMs: z.number() }),
  }),
  z.object({ type: z.literal('log'), message: z.string(), details: z.record(z.string(), z.unknown()) }),
])
export type FromHost = z.infer<typeof fromHost>
