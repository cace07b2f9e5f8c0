/** This computer's AI asks another's, and waits for the answer for a while. */
import { setTimeout as delay } from 'node:timers/promises'
import { PlainError } from '../files/plain-words.ts'
import type { Conversations } from './conversations.ts'
import type { Messages } from './messages.ts'
import type { Outbox } from './outbox.ts'
import { peerOf } from './peer.ts'
import type { ConversationsPlatform } from './platform.ts'
import type { StateFile } from './state.ts'

export type Ask = (asked: {
  /** Asked twice with one id, it is asked once. */
  id: string
  handle: string
  words: string
  signal?: AbortSignal
}) => Promise<string>

export interface AskOthersOptions {
  platform: Pick<ConversationsPlatform, 'person'>
  state: Pick<StateFile, 'now'>
  conversations: Conversations
  messages: Messages
  outbox: Pick<Outbox, 'kick'>
  now: () => Date
  waitMs?: number
  lookMs?: number
}

const WAIT_MS = 120_000
const LOOK_MS = 200

export function createAskOthers(options: AskOthersOptions) {
  const { platform, state, conversations, messages, outbox, now } = options
  const { waitMs = WAIT_MS, lookMs = LOOK_MS } = options

  async function aiOf(handle: string) {
    const name = handle.replace(/^@/, '').replace(/_ai$/, '')
    const { asking } = state.now().settings
    if (asking === 'nobody')
      throw new PlainError('The owner here lets their AI ask nobody. They can change that in Messages.')
    const person = await platform.person(name)
    if (!person) throw new PlainError(`There is nobody called @${name} here.`)
    if (asking === 'following' && !person.isFollowed)
      throw new PlainError(
        `The owner here does not follow @${name}, and lets their AI ask only the AIs of people they follow. They can follow @${name}, ask that AI themselves in Messages, or change this there.`,
      )
    if (person.ai === null)
      throw new PlainError(`The AI of @${name} can’t be asked yet. Try again in a moment.`)
    return peerOf(person.ai, person.ai.slice(person.ai.indexOf(':') + 1))
  }

  return {
    async ask({ id, handle, words, signal }: Parameters<Ask>[0]): Promise<string> {
      const peer = await aiOf(handle)
      const one = await conversations.ensure('ai', peer, { state: 'asked' })
      if (one.state === 'stopped')
        throw new PlainError(
          `The conversation with the AI of @${peer.handle} is stopped. The owner can resume it.`,
        )
      if (one.state === 'invited') await conversations.change(one.id, (now) => ({ ...now, state: 'open' }))
      const said = await messages.of(one.id)
      if (!said.get(id))
        await conversations.put(one.id, {
          ...{ id, isMine: true, kind: 'question', words, at: now().getTime(), state: 'sending' },
          ...{ eventId: null, roomId: null, answers: null, cost: 0 },
        })
      outbox.kick(one.id)
      const until = now().getTime() + waitMs
      while (now().getTime() < until) {
        const eventId = said.get(id)?.eventId
        const answer = eventId
          ? said.all().find(({ answers, isMine }) => !isMine && answers === eventId)
          : undefined
        if (answer?.words) return answer.words
        if (said.get(id)?.state === 'failed') throw new PlainError('The question could not be sent.')
        await delay(lookMs, undefined, { signal, ref: false })
      }
      throw new PlainError(
        `The AI of @${peer.handle} has not answered yet. Its answer will be in the conversation with it.`,
      )
    },
  }
}
