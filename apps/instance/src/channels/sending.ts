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

interface Way {
  kind: ChannelKind
  act: (text: string, part: number) => Act
}

/** Where to, and how a part is sent there; `null`: nowhere. */
function wayOf(entry: Entry, config: Config): Way | null {
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

interface Sending {
  kind: ChannelKind
  act: Act
  /** Milliseconds since 1970. */
  until: number
  /** It may be sent again, also when nobody knows whether it was. */
  isSafe: boolean
  /** Notes that it is about to be sent; `false`: it has not been. */
  mark: (isSending: boolean) => Promise<void>
}

interface All {
  entry: Entry
  parts: string[]
  way: Way
  signal: AbortSignal
}

export function createSender(options: SendingOptions): Sender {
  const { inbox, config, perform, note, now, retryMs = FIRST_RETRY_MS } = options

  /** Until it was taken, or never will be. Rejects with a ServiceProblem. */
  async function sendOne({ kind, act, until, isSafe, mark }: Sending, signal: AbortSignal): Promise<void> {
    for (let wait = retryMs; ; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
      await mark(true)
      try {
        await perform(kind, act)
        return
      } catch (error) {
        const problem: Problem | null = error instanceof ServiceProblem ? error.problem : null
        const isAgain = problem?.isPassing && (problem.isUnsent || isSafe)
        if (!isAgain || now().getTime() > until) throw error
        // While it waits, nothing is under way.
        if (problem.isUnsent) await mark(false)
        await note(kind, problem.words)
        await delay(wait, undefined, { signal, ref: false })
      }
    }
  }

  /** Part after part, from where it stands. */
  async function sendAll({
    entry,
    parts,
    way,
    signal,
  }: All): Promise<{ state: Entry; trouble: string | null }> {
    let state = entry
    let trouble: string | null = null
    const mark = async (isSending: boolean) => {
      state = { ...state, isSending }
      await inbox.save(state)
    }
    for (const [part, text] of parts.entries()) {
      if (part < state.sent) continue
      if (signal.aborted) break
      const { kind, act } = way
      const until = entry.receivedAt + GIVEN_UP_MS
      const isSafe = isRepeatable(kind, state, part)
      try {
        await sendOne({ kind, act: act(text, part), until, isSafe, mark }, signal)
      } catch (error) {
        // Stopped while it waited: as it stands.
        if (!(error instanceof ServiceProblem)) throw error
        if (signal.aborted) break
        trouble = error.problem.isUnsent ? error.problem.words : UNKNOWN
        // What the service refuses once it refuses for the rest.
        if (error.problem.isUnsent) break
      }
      state = { ...state, sent: part + 1, isSending: false }
      await inbox.save(state)
    }
    return { state, trouble }
  }

  return async (entry, signal) => {
    const way = wayOf(entry, config())
    if (!way || !entry.answer) return entry
    const parts = split(entry.answer, LONGEST[way.kind])
    const isUnknown = entry.isSending && !isRepeatable(way.kind, entry, entry.sent)
    const from = isUnknown ? { ...entry, sent: entry.sent + 1, isSending: false } : entry
    const { state, trouble } = await sendAll({ entry: from, parts, way, signal })
    await note(way.kind, trouble ?? (isUnknown ? UNKNOWN : null))
    return state
  }
}
