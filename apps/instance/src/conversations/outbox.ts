/**
 * Sends what is to be sent, each conversation's one after the other and each once: the homeserver knows a message again by
 * its id, also after a kill on either side.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { describeError, type Log } from '../log.ts'
import { ClientProblem, type MatrixClient } from './client/gateway.ts'
import { byTime, type Conversations } from './conversations.ts'
import type { Kept, Messages } from './messages.ts'
import type { Conversation } from './state.ts'

export interface OutboxOptions {
  client: Pick<MatrixClient, 'open' | 'perform'>
  conversations: Conversations
  messages: Messages
  /** Keeps this computer awake while it lasts. */
  during: <T>(work: Promise<T>) => Promise<T>
  now: () => Date
  log: Log
  firstRetryMs?: number
}

export const KIND_KEY = 'os.matrix.kind'
export const ANSWERS_KEY = 'os.matrix.answers'

const FIRST_RETRY_MS = 400
const LONGEST_RETRY_MS = 20_000
const GIVEN_UP_MS = 86_400_000

export function createOutbox(options: OutboxOptions) {
  const { client, conversations, messages, during, now, log, firstRetryMs = FIRST_RETRY_MS } = options
  const over = new AbortController()
  const lanes = new Map<string, Promise<void>>()
  const kicks = new Map<string, AbortController>()

  async function nextOf(id: string): Promise<Kept | undefined> {
    return (await messages.of(id))
      .all()
      .toSorted(byTime)
      .find(({ state }) => state === 'sending')
  }

  async function roomOf({ id, as, with: peer }: Conversation): Promise<string> {
    // One may have been made that this computer was killed before it could note.
    await client.open(as)
    const [known] = conversations.get(id)?.rooms ?? []
    if (known !== undefined) return known
    const made = await client.perform(as, { act: 'create', userId: peer.userId })
    if (made === null) throw new ClientProblem('No room was made.')
    await conversations.change(id, (one) =>
      one.rooms.includes(made) ? one : { ...one, rooms: [...one.rooms, made] },
    )
    return made
  }

  async function sendOne(one: Conversation, message: Kept): Promise<void> {
    const roomId = message.roomId ?? (await roomOf(one))
    // First, or after a kill it could be sent to another room as well.
    if (message.roomId === null) await conversations.put(one.id, { ...message, roomId })
    const content = {
      ...{ msgtype: 'm.text', body: message.words ?? '', [KIND_KEY]: message.kind },
      ...(message.answers !== null && { [ANSWERS_KEY]: message.answers }),
    }
    const { as, with: peer } = one
    const eventId = await client.perform(as, {
      ...{ act: 'send', roomId, userId: peer.userId, transaction: message.id, content },
    })
    await conversations.put(one.id, { ...message, roomId, eventId, state: 'sent' })
  }

  async function pause(id: string, ms: number): Promise<void> {
    const kick = new AbortController()
    kicks.set(id, kick)
    const signal = AbortSignal.any([over.signal, kick.signal])
    await delay(ms, undefined, { signal, ref: false }).catch(() => undefined)
    kicks.delete(id)
  }

  /** `false`: not even that can be written down now, as on a full disk. */
  async function noteFailed(id: string, message: Kept): Promise<boolean> {
    try {
      await conversations.put(id, { ...message, state: 'failed' })
      return true
    } catch (error) {
      log('it could not be noted that a message is not sent', describeError(error))
      return false
    }
  }

  async function drain(id: string): Promise<void> {
    let wait = firstRetryMs
    while (!over.signal.aborted) {
      const [one, message] = [conversations.get(id), await nextOf(id)]
      if (!one || !message || one.state === 'invited') return
      try {
        if (one.state === 'stopped' || now().getTime() - message.at > GIVEN_UP_MS)
          throw new ClientProblem('It is no longer to be sent.', false)
        await sendOne(one, message)
        wait = firstRetryMs
      } catch (error) {
        if (over.signal.aborted) return
        const isAgain = !(error instanceof ClientProblem) || error.isAgain
        log('a message was not sent', { conversation: id, isAgain, ...describeError(error) })
        const isNoted = !isAgain && (await noteFailed(id, message))
        if (!isNoted) await pause(id, wait)
        wait = Math.min(wait * 2, LONGEST_RETRY_MS)
      }
    }
  }

  function kick(id: string): void {
    kicks.get(id)?.abort()
    if (lanes.has(id) || over.signal.aborted) return
    const ended = during(drain(id))
      .catch((error: unknown) => log('messages are not sent', describeError(error)))
      .finally(async () => {
        lanes.delete(id)
        // It may have come while the lane ended.
        if ((await nextOf(id).catch(() => undefined)) && conversations.get(id)?.state !== 'invited') kick(id)
      })
    lanes.set(id, ended)
  }

  return {
    /** There is something to send, or it may go better now. */
    kick,
    async resume(): Promise<void> {
      for (const { id } of conversations.all()) if (await nextOf(id)) kick(id)
    },
    async settled(): Promise<void> {
      while (lanes.size > 0) await Promise.all(lanes.values())
    },
    stop: () => over.abort(),
  }
}
export type Outbox = ReturnType<typeof createOutbox>
