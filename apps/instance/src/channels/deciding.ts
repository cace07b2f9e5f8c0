/** What is said to somebody who wrote, and what a schedule comes to: the chat's answer, or a sentence of this computer's own. */
import { setTimeout as delay } from 'node:timers/promises'
import { type ChannelKind, type ChannelMessage, HEARTBEAT, type ScheduledRun } from '@matrixos/shared'
import { PlainError } from '../files/plain-words.ts'
import type { Decide } from './answering.ts'
import type { Config } from './config.ts'
import { admit } from './people.ts'
import type { Act } from './services/host-protocol.ts'
import { type ChannelMemory, NO_MEMORY, type RunResult, type State } from './state.ts'

/** Of the chat: asked twice with one id, it answers once. */
export type AskChat = (question: {
  id: string
  conversation: string
  words: string
  from: { kind: 'channel' | 'schedule'; name: string }
}) => Promise<{ text: string }>

export interface DecidingOptions {
  handle: string
  ask: AskChat
  config: () => Config
  state: () => Promise<State>
  remember: (kind: ChannelKind, change: (memory: ChannelMemory) => ChannelMemory) => Promise<unknown>
  /** Adds somebody to those who may talk. */
  letIn: (kind: ChannelKind, person: { id: string; name: string }) => Promise<void>
  perform: (kind: ChannelKind, act: Act) => Promise<unknown>
  keepResult: (schedule: string, result: RunResult) => Promise<void>
  now: () => Date
  /** Before a question is asked again that could not be answered just then. */
  pausesMs?: readonly number[]
}

const NAMES: Record<ChannelKind, string> = { telegram: 'Telegram', slack: 'Slack', discord: 'Discord' }
const SCHEDULES_CONVERSATION = 'schedules'
const TYPING_EVERY_MS = 4_500
const PAUSES_MS = [5_000, 30_000, 120_000]
const FAILED = 'Something went wrong inside this computer. Please try again.'

/** The chat says so of what may go well later. */
const isPassing = (error: unknown): boolean =>
  error instanceof PlainError && 'isPassing' in error && error.isPassing === true

export function createDecide(options: DecidingOptions): Decide {
  const {
    handle,
    ask,
    config,
    state,
    remember,
    letIn,
    perform,
    keepResult,
    now,
    pausesMs = PAUSES_MS,
  } = options

  /** Words in any case; `hasFailed`: they are no answer. */
  async function answerOf(question: Parameters<AskChat>[0], signal: AbortSignal) {
    for (let attempt = 0; ; attempt++) {
      try {
        return { words: (await ask(question)).text, hasFailed: false }
      } catch (error) {
        // Stopped in the middle: it is asked again after the next start.
        if (signal.aborted) throw error
        const pause = pausesMs[attempt]
        if (!isPassing(error) || pause === undefined)
          return { words: error instanceof PlainError ? error.message : FAILED, hasFailed: true }
        await delay(pause, undefined, { signal, ref: false })
      }
    }
  }

  async function whileTyping<T>({ channel, reply }: ChannelMessage, work: () => Promise<T>): Promise<T> {
    const show = () => void perform(channel, { act: 'typing', reply }).catch(() => undefined)
    // The others show it by themselves, or not at all.
    if (channel !== 'telegram') return work()
    show()
    const timer = setInterval(show, TYPING_EVERY_MS).unref()
    return work().finally(() => clearInterval(timer))
  }

  async function decideMessage(message: ChannelMessage, signal: AbortSignal): Promise<string | null> {
    const { id, channel, conversation, words, from } = message
    const settings = config().channels[channel]
    if (!settings) return null
    const { people, messagesPerDay } = settings
    const before = (await state()).channels[channel] ?? NO_MEMORY
    const asked = { message, people, messagesPerDay, memory: before, handle, now: now() }
    const { admission, memory } = admit(asked)
    if (admission.kind === 'pair') await letIn(channel, from)
    await remember(channel, () => memory)
    if (admission.kind !== 'ask') return admission.words
    const name = from.name ? `${NAMES[channel]}, ${from.name}` : NAMES[channel]
    const question = { id, conversation, words, from: { kind: 'channel', name: name.slice(0, 80) } } as const
    return whileTyping(message, async () => (await answerOf(question, signal)).words)
  }

  async function decideRun({ id, schedule }: ScheduledRun, signal: AbortSignal): Promise<string | null> {
    const { schedules, heartbeat } = config()
    const found = schedule === HEARTBEAT ? heartbeat : schedules.find((one) => one.id === schedule)
    if (!found) return null
    const name = schedule === HEARTBEAT ? 'Heartbeat' : schedule
    const from = { kind: 'schedule', name } as const
    const { words } = found
    const question = { id, conversation: SCHEDULES_CONVERSATION, words, from }
    const answer = await answerOf(question, signal)
    await keepResult(schedule, { at: now().toISOString(), ...answer })
    return answer.words
  }

  return async (entry, signal) => {
    if (entry.kind === 'run') return entry.run ? decideRun(entry.run, signal) : null
    return entry.message ? decideMessage(entry.message, signal) : null
  }
}
