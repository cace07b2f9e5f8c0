/**
 * Answers what is asked of this computer's AI, each once: an answer has the id of its question, and is kept before it is
 * sent. An answer is never answered, and what would go beyond the turns or the budget stops the conversation.
 */
import { describeError, type Log } from '../log.ts'
import type { AskAi } from './asking.ts'
import { byTime, type Conversations } from './conversations.ts'
import type { Kept, Messages } from './messages.ts'
import { answerIdOf } from './peer.ts'
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
}

/** What was asked longer ago nobody waits for. */
const TOO_OLD_MS = 86_400_000

export function createAnswering(options: AnsweringOptions) {
  const { conversations, messages, settings, ask, send, during, now, log } = options
  const over = new AbortController()
  const lanes = new Map<string, Promise<void>>()

  async function nextOf(id: string): Promise<{ question: Kept; history: Kept[] } | null> {
    const all = (await messages.of(id)).all().toSorted(byTime)
    const answered = new Set(all.map(({ answers }) => answers))
    const at = all.findIndex(
      ({ isMine, kind, words, eventId, at }) =>
        !isMine &&
        kind !== 'answer' &&
        words !== null &&
        eventId !== null &&
        !answered.has(eventId) &&
        now().getTime() - at < TOO_OLD_MS,
    )
    const question = all[at]
    return question ? { question, history: all.slice(0, at + 1) } : null
  }

  /** Why it must not go on; `null`: it may. */
  function limitOf({ turns, spentMicroUsd }: Conversation): 'turns' | 'budget' | null {
    const { turnLimit, budgetMicroUsd } = settings()
    if (turns >= turnLimit) return 'turns'
    return spentMicroUsd >= budgetMicroUsd ? 'budget' : null
  }

  async function drain(id: string): Promise<void> {
    while (!over.signal.aborted) {
      const [one, next] = [conversations.get(id), await nextOf(id)]
      if (one?.as !== 'ai' || one.state !== 'open' || !next?.question.eventId) return
      const limit = limitOf(one)
      if (limit) return void (await conversations.stop(id, limit))
      const { words, costMicroUsd } = await ask(one.with, next.history, over.signal)
      // It may have been stopped while the AI thought.
      const isStill = conversations.get(id)?.state === 'open'
      await conversations.put(id, {
        ...{ id: answerIdOf(next.question.eventId), isMine: true, kind: 'answer', words },
        ...{ at: now().getTime(), state: isStill ? 'sending' : 'failed' },
        ...{ eventId: null, roomId: null, answers: next.question.eventId, cost: costMicroUsd },
      })
      send(id)
    }
  }

  return {
    /** There may be something to answer. */
    look(id: string): void {
      if (over.signal.aborted) return
      const ended = (lanes.get(id) ?? Promise.resolve())
        .then(() => during(drain(id)))
        .catch((error: unknown) => {
          if (!over.signal.aborted) log('a question was not answered', describeError(error))
        })
        .finally(() => {
          if (lanes.get(id) === ended) lanes.delete(id)
        })
      lanes.set(id, ended)
    },
    async settled(): Promise<void> {
      while (lanes.size > 0) await Promise.all(lanes.values())
    },
    stop: () => over.abort(),
  }
}
