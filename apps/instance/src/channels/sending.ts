/** Sends an answer part by part: see `answering.ts` for what is noted when. */
import { setTimeout as delay } from 'node:timers/promises'
import type { ChannelKind } from '@matrixos/shared'
import type { Config } from './config.ts'
import type { Entry, Inbox } from './inbox.ts'
import { type Problem, ServiceProblem } from './services/client.ts'
import type { Act } from './services/host-protocol.ts'
import { split } from './split.ts'

/** Characters of one message, by the services' own limits; Slack's is of its `markdown_text`. */
const LONGEST: Record<ChannelKind, number> = { telegram: 4_096, slack: 11_000, discord: 2_000 }
const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 300_000
/** A service that takes nothing for so long gets no answer any more. */
const GIVEN_UP_MS = 3_600_000

const UNKNOWN = 'I was interrupted while I sent an answer: a part of it may be missing.'

/** Resolves to the entry as it is then; it can be called again for it. */
export type Sender = (entry: Entry, signal: AbortSignal) => Promise<Entry>

export interface SendingOptions {
  inbox: Pick<Inbox, 'save'>
  config: () => Config
  perform: (kind: ChannelKind, act: Act) => Promise<unknown>
  /** Tells its owner; `null`: all is well. */
  note: (kind: ChannelKind, words: string | null) => Promise<void>
  now: () => Date
  retryMs?: number
}

/** Where to, and how a part is sent there; `null`: nowhere. */
function wayOf(
  entry: Entry,
  config: Config,
): { kind: ChannelKind; act: (text: string, part: number) => Act } | null {
  if (entry.kind === 'message') {
    if (!entry.message) return null
    const { channel: kind, reply } = entry.message
    return { kind, act: (text, part) => ({ act: 'send', reply, text, part }) }
  }
  const { schedules, heartbeat } = config
  const name = entry.run?.schedule
  const kind = (name === 'heartbeat' ? heartbeat : schedules.find(({ id }) => id === name))?.channel
  const person = kind && config.channels[kind]?.people[0]?.id
  return kind && person ? { kind, act: (text) => ({ act: 'write', person, text }) } : null
}

/** Whether a part can be sent again without being there twice. */
const isRepeatable = (kind: ChannelKind, entry: Entry, part: number): boolean =>
  kind === 'discord' && entry.kind === 'message' && part === 0

export function createSender(options: SendingOptions): Sender {
  const { inbox, config, perform, note, now, retryMs = FIRST_RETRY_MS } = options

  /** Until it was taken, or never will be. Rejects with a ServiceProblem. */
  async function sendOne(kind: ChannelKind, act: Act, until: number, isSafe: boolean, signal: AbortSignal) {
    for (let wait = retryMs; ; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
      try {
        return await perform(kind, act)
      } catch (error) {
        const problem: Problem | null = error instanceof ServiceProblem ? error.problem : null
        const isAgain = problem?.isPassing && (problem.isUnsent || isSafe)
        if (!isAgain || now().getTime() > until) throw error
        await note(kind, problem.words)
        await delay(wait, undefined, { signal, ref: false })
      }
    }
  }

  return async (entry, signal) => {
    const way = wayOf(entry, config())
    if (!way || !entry.answer) return entry
    const { kind, act } = way
    const parts = split(entry.answer, LONGEST[kind])
    const until = entry.receivedAt + GIVEN_UP_MS
    let state = entry
    let trouble: string | null = null
    if (state.isSending && !isRepeatable(kind, state, state.sent)) {
      trouble = UNKNOWN
      state = { ...state, sent: state.sent + 1, isSending: false }
    }
    for (const [part, text] of parts.entries()) {
      if (part < state.sent) continue
      if (signal.aborted) return state
      state = { ...state, isSending: true }
      await inbox.save(state)
      try {
        await sendOne(kind, act(text, part), until, isRepeatable(kind, state, part), signal)
      } catch (error) {
        if (!(error instanceof ServiceProblem)) {
          // It waited to send it again, or it was never sent.
          await inbox.save({ ...state, isSending: false })
          throw error
        }
        if (signal.aborted) return state
        trouble = error.problem.isUnsent ? error.problem.words : UNKNOWN
        // What the service refuses once it refuses for the rest.
        if (error.problem.isUnsent) break
      }
      state = { ...state, sent: part + 1, isSending: false }
      await inbox.save(state)
    }
    await note(kind, trouble)
    return state
  }
}
