/** `conversations.json`: with whom there are conversations and how they stand. What was said is in `messages.ts`. */
import { readFile } from 'node:fs/promises'
import { MATRIX_ACCOUNT_KINDS } from '@matrixos/shared'
import * as z from 'zod/mini'
import type { WriteAtomic } from '../files/atomic.ts'
import { isMissing } from '../http/problem.ts'
import { stateFile } from './places.ts'
import { ADMISSIONS, LARGEST_BUDGET_MICRO_USD, LARGEST_TURN_LIMIT } from './protocol.ts'

const count = z.number().check(z.int(), z.minimum(0))

export const settingsSchema = z.object({
  admission: z.enum(ADMISSIONS),
  asking: z._default(z.enum(ADMISSIONS), 'following'),
  turnLimit: z.number().check(z.int(), z.minimum(1), z.maximum(LARGEST_TURN_LIMIT)),
  budgetMicroUsd: z.number().check(z.int(), z.minimum(0), z.maximum(LARGEST_BUDGET_MICRO_USD)),
})

const conversation = z.object({
  id: z.string(),
  as: z.enum(MATRIX_ACCOUNT_KINDS),
  with: z.object({ userId: z.string(), handle: z.nullable(z.string()), isAi: z.boolean() }),
  state: z.enum(['invited', 'asked', 'open', 'stopped']),
  stopped: z.nullable(z.enum(['owner', 'turns', 'budget', 'other'])),
  /** That this account is in, or invited to. */
  rooms: z.array(z.string()),
  /** Milliseconds since 1970, from which turns and spending count. */
  countedFrom: z.number(),
  turns: count,
  spentMicroUsd: count,
  unread: count,
})
export type Conversation = z.infer<typeof conversation>

const state = z.object({
  settings: z._default(settingsSchema, {
    ...({ admission: 'following', asking: 'following' } as const),
    ...{ turnLimit: 20, budgetMicroUsd: 500_000 },
  }),
  conversations: z._default(z.record(z.string(), conversation), {}),
  /** Accounts for which something waits at the homeserver, as the platform said. */
  owed: z._default(z.array(z.enum(MATRIX_ACCOUNT_KINDS)), []),
  /** That the owner has stopped talking in, and the homeserver does not know of yet. */
  leaving: z._default(z.array(z.object({ as: z.enum(MATRIX_ACCOUNT_KINDS), roomId: z.string() })), []),
})
export type State = z.infer<typeof state>

export interface StateFile {
  /** As it is known now. */
  now(): State
  /** One after the other; resolves when it is on the disk. */
  change(change: (state: State) => State): Promise<State>
}

/** The folder is there. */
export async function openState(root: string, write: WriteAtomic): Promise<StateFile> {
  const path = stateFile(root)
  let known = await load(path)
  let last: Promise<unknown> = Promise.resolve()
  return {
    now: () => known,
    change(change) {
      const next = last.then(async () => {
        const after = change(known)
        if (after !== known) await write(path, `${JSON.stringify(after)}\n`)
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
    if (isMissing(error)) return '{}'
    throw error
  })
  try {
    return state.parse(JSON.parse(text))
  } catch {
    // What is lost is found again at the homeserver, but for the settings.
    return state.parse({})
  }
}

export const withConversation = (before: State, one: Conversation): State => ({
  ...before,
  conversations: { ...before.conversations, [one.id]: one },
})
