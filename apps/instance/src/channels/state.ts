/**
 * `~/system/.channels.json`: what this computer itself has to remember of its channels and schedules. Hidden, so that
 * viewers cannot read the codes; lost, nothing but those is.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CHANNEL_KINDS } from '@matrixos/shared'
import * as z from 'zod/mini'
import type { WriteAtomic } from '../files/atomic.ts'

const FILE = 'system/.channels.json'

const said = z.object({ at: z.string(), words: z.string() })

export const channelMemory = z.object({
  /** What it was set up with last, as a digest: another token or address is set up anew. */
  setUp: z._default(z.nullable(z.string()), null),
  /** What its owner still has to do at the service. */
  left: z._default(z.nullable(z.string()), null),
  /** What the bot is called. */
  name: z._default(z.nullable(z.string()), null),
  /** What somebody writes to it to be let in. */
  code: z._default(z.string(), ''),
  /** The day that is counted (UTC), how many were answered, how many codes were wrong, and who was told that they may not. */
  day: z._default(z.string(), ''),
  answered: z._default(z.number(), 0),
  wrongCodes: z._default(z.number(), 0),
  told: z._default(z.array(z.string()), []),
  lastMessageAt: z._default(z.nullable(z.string()), null),
  trouble: z._default(z.nullable(said), null),
})
export type ChannelMemory = z.infer<typeof channelMemory>

export const result = z.object({ at: z.string(), words: z.string(), hasFailed: z.boolean() })
export type RunResult = z.infer<typeof result>

const state = z.object({
  channels: z._default(z.partialRecord(z.enum(CHANNEL_KINDS), channelMemory), {}),
  results: z._default(z.record(z.string(), result), {}),
})
export type State = z.infer<typeof state>

export interface StateFile {
  read(): Promise<State>
  /** One after the other: each change is to what the one before it left. */
  change(change: (state: State) => State): Promise<State>
}

export const NO_MEMORY: ChannelMemory = channelMemory.parse({})

export function openState(root: string, write: WriteAtomic): StateFile {
  const path = join(root, FILE)
  let last: Promise<unknown> = Promise.resolve()
  let known: State | undefined
  const read = async (): Promise<State> => {
    known ??= await load(path)
    return known
  }
  return {
    read,
    change(change) {
      const next = last.then(async () => {
        const before = await read()
        const after = change(before)
        if (after !== before) await write(path, `${JSON.stringify(after, null, 2)}\n`)
        known = after
        return after
      })
      last = next.catch(() => undefined)
      return next
    },
  }
}

async function load(path: string): Promise<State> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  try {
    return state.parse(JSON.parse(text))
  } catch {
    return state.parse({})
  }
}
