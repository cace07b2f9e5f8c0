/**
 * The directive with which a request asks for a certain answer or a certain fault. Programs that can set headers send it
 * as `x-scripted: {json}`; others begin their first text (system or user) with a line `#scripted {json}`.
 */
import { z } from 'zod'

const count = z.number().int().min(0).max(10_000_000)
const milliseconds = z.number().int().min(0).max(600_000)

/** A second model, or a second pass of the same, that took part in the answer and is billed apart. */
const iterationSchema = z.strictObject({
  type: z.enum(['advisor_message', 'compaction']).default('advisor_message'),
  /** Unset, for a compaction: the answer's own. */
  model: z.string().min(1).optional(),
  input: count.default(0),
  output: count.default(0),
  cacheRead: count.default(0),
  cacheWrite5m: count.default(0),
  cacheWrite1h: count.default(0),
})

export const scriptSchema = z.strictObject({
  // The answer.
  text: z.string().optional(),
  /** Replaces the text by this many words. */
  words: count.optional(),
  /** Replaces the text by this many MiB. */
  megabytes: z.number().positive().max(64).optional(),
  thinking: z.string().optional(),
  /** Calls this tool, whether or not the request offers it. */
  tool: z.strictObject({ name: z.string().min(1), input: z.record(z.string(), z.unknown()) }).optional(),
  webSearches: z.number().int().min(0).max(20).optional(),
  refuse: z.boolean().optional(),

  // The time it takes.
  headersAfterMs: milliseconds.optional(),
  /** Before every event. */
  eventDelayMs: milliseconds.optional(),
  /** Reads the request, and then does nothing. */
  neverAnswer: z.boolean().optional(),

  // The shape on the wire.
  /** Cuts the bytes into pieces of this size, in the middle of lines and letters. */
  chunkBytes: z.number().int().min(1).optional(),
  /** As many events in one write. */
  eventsPerWrite: z.number().int().min(1).optional(),

  // Faults.
  /** Instead of an answer. */
  status: z.number().int().min(400).max(599).optional(),
  retryAfterS: z.number().int().min(0).optional(),
  /** An `error` event after so many events, and the end. */
  errorAfterEvents: count.optional(),
  errorType: z.enum(['overloaded_error', 'api_error', 'rate_limit_error']).optional(),
  /** Destroys the connection after so many events, and half of the next one. */
  cutAfterEvents: count.optional(),
  /** Falls silent after so many events, until the client goes. */
  hangAfterEvents: count.optional(),

  // Usage as it is seldom seen.
  /** Reports usage this many times before the last. */
  repeatUsage: z.number().int().min(0).max(1000).optional(),
  /** The last report says `null` for all but the output. */
  nullTotals: z.boolean().optional(),
  /** Cache tokens that only the last report knows of; `told`: `iterations` says for how long they live. */
  lateCacheWrite: z
    .strictObject({ tokens: count, ttl: z.enum(['5m', '1h']), told: z.boolean().default(false) })
    .optional(),
  /** Input tokens that only the last report knows of (results of a search). */
  lateInput: count.optional(),
  iterations: z.array(iterationSchema).max(10).optional(),
  /** Another model than the one asked for. */
  servedModel: z.string().min(1).optional(),
  speed: z.enum(['standard', 'fast']).optional(),
  serviceTier: z.enum(['standard', 'priority', 'batch']).optional(),
  inferenceGeo: z.string().optional(),
})

export type Script = z.infer<typeof scriptSchema>
export type ScriptedIteration = z.infer<typeof iterationSchema>
