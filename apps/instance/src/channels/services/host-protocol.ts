/** What the computer asks the process that talks to the services, over the channel between parent and child. */
import * as z from 'zod/mini'
import { channelSchemas } from '../config.ts'

const reply = z.record(z.string(), z.string())

export const act = z.discriminatedUnion('act', [
  z.object({ act: z.literal('check') }),
  z.object({ act: z.literal('setUp'), url: z.string() }),
  z.object({ act: z.literal('takeDown') }),
  z.object({ act: z.literal('typing'), reply }),
  z.object({ act: z.literal('send'), reply, text: z.string(), part: z.number() }),
  z.object({ act: z.literal('write'), person: z.string(), text: z.string() }),
])
export type Act = z.infer<typeof act>

const root = z.nullable(z.string())

/** Whom, with what, and where that is. */
export const target = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('telegram'), credentials: channelSchemas.telegram, root }),
  z.object({ kind: z.literal('slack'), credentials: channelSchemas.slack, root }),
  z.object({ kind: z.literal('discord'), credentials: channelSchemas.discord, root }),
])
export type Target = z.infer<typeof target>

export const toHost = z.object({ number: z.number(), target, act })
export type ToHost = z.infer<typeof toHost>

const identity = z.object({ name: z.string(), found: z.optional(z.record(z.string(), z.string())) })
const problem = z.object({ words: z.string(), isPassing: z.boolean(), isUnsent: z.boolean() })

export const fromHost = z.object({
  number: z.number(),
  outcome: z.union([
    z.object({ identity }),
    z.object({ left: z.nullable(z.string()) }),
    z.object({ problem }),
    z.object({ done: z.literal(true) }),
  ]),
})
export type FromHost = z.infer<typeof fromHost>
export type Outcome = FromHost['outcome']
