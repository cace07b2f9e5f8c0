/**
 * Answers what is asked of this computer's AI, each once: an answer has the id of its question, and is kept before it is
 * sent. An answer is never answered, and what would go beyond the turns or the budget stops the conversation.
 */
import { describeError, type Log } from '../log.ts'
import type { Answered, AskAi } from './asking.ts'
import { byTime, type Conversations } from './conversations.ts'
import type { Kept, Messages } from './messages.ts'
import { answerIdOf } from './peer.ts'
import { createRetries } from './retries.ts'
import type { Conversation, State } from './state.ts'

export interface AnsweringOptions {
  conversations: Conversations
  messages: Messages
  settings: () => State['settings']
  ask: AskAi
  /** Sends what is kept to be sent. */
  send: (id: string) => void
  /** Keeps this computer awake while it lasts. */
  during: <T>(work: Promise<T>) => Promise<T>
  now: () => Date
  log: Log
  /** Until an answer that failed is tried again; each time twice as long. */
  retryMs?: number | undefined
}

/** What was asked longer ago nobody waits for. */
const TOO_OLD_MS = 86_400_000

/** The first question that has no answer, and what was said until then. */
function unanswered(all: readonly Kept[], now: number): { question: Kept; history: Kept[] } | null {
  const ordered = all.toSorted(byTime)
  const answered = new Set(ordered.map(({ answers }) => answers))
  const at = ordered.findIndex(
    ({ isMine, kind, words, eventId, at }) =>
      !isMine &&
      kind !== 'answer' &&
      words !== null &&
      eventId !== null &&
      !answered.has(eventId) &&
      now - at < TOO_OLD_MS,
  )
  const question = ordered[at]
  return question ? { question, history: ordered.slice(0, at + 1) } : null
}

export function createAnswering(options: AnsweringOptions) {
  const { conversations, messages, settings, ask, send, during, now, log } = options
  const over = new AbortController()
  const lanes = new Map<string, Promise<void>>()
  /** By what was asked: each was paid for, and could not be written down yet, as on a full disk. */
  const unkept = new Map<string, Answered>()
  // Nobody may say anything more there that would have it looked at.
  const retries = createRetries(look, options.retryMs)

  const nextOf = async (id: string) => unanswered((await messages.of(id)).all(), now().getTime())

  /** Why it must not go on; `null`: it may. */
  function limitOf({ turns, spentMicroUsd }: Conversation): 'turns' | 'budget' | null {
    const { turnLimit, budgetMicroUsd } = settings()
    if (turns >= turnLimit) return 'turns'
    return spentMicroUsd >= budgetMicroUsd ? 'budget' : null
  }

  async function drain(id: string): Promise<void> {
    while (!over.signal.aborted) {
      const [one, next] = [conversations.get(id), await nextOf(id)]
      const asked = next?.question.eventId
      if (one?.as !== 'ai' || one.state !== 'open' || !asked) return
      const limit = limitOf(one)
      if (limit) return void (await conversations.stop(id, limit))
      const answer = unkept.get(asked) ?? (await ask(one.with, next.history, over.signal))
      unkept.set(asked, answer)
      const { words, costMicroUsd } = answer
      // It may have been stopped while the AI thought.
      const isStill = conversations.get(id)?.state === 'open'
      await conversations.put(id, {
        ...{ id: answerIdOf(asked), isMine: true, kind: 'answer', words },
        ...{ at: now().getTime(), state: isStill ? 'sending' : 'failed' },
        ...{ eventId: null, roomId: null, answers: asked, cost: costMicroUsd },
      })
      unkept.delete(asked)
      send(id)
    }
  }

  function look(id: string): void {
    if (over.signal.aborted) return
    const ended = (lanes.get(id) ?? Promise.resolve())
      .then(() => during(drain(id)))
      .then(() => retries.wentWell(id))
      .catch((error: unknown) => {
        if (over.signal.aborted) return
        log('a question was not answered; trying again', describeError(error))
        retries.failed(id)
      })
      .finally(() => {
        if (lanes.get(id) === ended) lanes.delete(id)
      })
    lanes.set(id, ended)
  }

  return {
    /** There may be something to answer. */
    look,
    async settled(): Promise<void> {
      while (lanes.size > 0) await Promise.all(lanes.values())
    },
    stop(): void {
      over.abort()
      retries.stop()
    },
  }
}
