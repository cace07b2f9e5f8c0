/** What the page asks of conversations. All of it is the owner's alone. */
import { MATRIX_ACCOUNT_KINDS, type MatrixCall } from '@matrixos/shared'
import * as z from 'zod/mini'
import { readJson } from '../http/json-body.ts'
import { RequestProblem } from '../http/problem.ts'
import { type Ask, answering, type Route } from '../http/routes.ts'
import type { MatrixClient } from './client/gateway.ts'
import { byTime, type Conversations } from './conversations.ts'
import type { Leaving } from './leaving.ts'
import { type Messages, viewOf } from './messages.ts'
import type { Outbox } from './outbox.ts'
import { peerOf } from './peer.ts'
import type { ConversationsPlatform } from './platform.ts'
import {
  CONVERSATIONS_API,
  type ConversationMessage,
  type ConversationsView,
  type ConversationView,
  LONGEST_WORDS,
  type MessagesView,
} from './protocol.ts'
import { type Conversation, type StateFile, settingsSchema } from './state.ts'

export interface ConversationRoutesOptions {
  state: StateFile
  conversations: Conversations
  messages: Messages
  outbox: Pick<Outbox, 'kick'>
  platform: Pick<ConversationsPlatform, 'person'>
  client: Pick<MatrixClient, 'perform'>
  leaving: Pick<Leaving, 'note' | 'run'>
  /** Something is to be done at the homeserver, as soon as that can be. */
  owe: (call: MatrixCall) => Promise<void>
  standing: () => Promise<Pick<ConversationsView, 'state' | 'trouble'>>
  /** There may be something to answer or to send now. */
  onChange: (id: string) => void
  now: () => Date
}

const PAGE = 50

const message = z.object({
  id: z.string().check(z.regex(/^[A-Za-z0-9-]{8,64}$/)),
  words: z.string().check(z.trim(), z.minLength(1), z.maxLength(LONGEST_WORDS)),
})
const start = z.object({
  as: z.enum(MATRIX_ACCOUNT_KINDS),
  handle: z.string().check(z.minLength(1), z.maxLength(64)),
  isAi: z.boolean(),
  message,
})

export function conversationRoutes(options: ConversationRoutesOptions): Route[] {
  const { state, conversations, messages, outbox, platform, client, standing, onChange, now } = options
  const { leaving, owe } = options
  const path = `${CONVERSATIONS_API}/:id`
  const owner = { who: 'owner' } as const

  function asked({ id }: Pick<Ask, 'id'>): Conversation {
    const one = conversations.get(id)
    if (!one) throw new RequestProblem(404, 'There is no such conversation.')
    return one
  }

  async function list(): Promise<ConversationsView> {
    const { state, trouble } = await standing()
    const all = await Promise.all(conversations.all().map(conversations.view))
    const at = ({ last }: ConversationView) => last?.at ?? ''
    return { state, trouble, conversations: all.toSorted((a, b) => at(b).localeCompare(at(a))) }
  }

  async function page(ask: Ask): Promise<MessagesView> {
    const all = (await messages.of(asked(ask).id)).all().toSorted(byTime)
    const before = ask.query.get('before')
    const end = before === null ? all.length : all.findIndex(({ id }) => id === before)
    const from = Math.max(0, end - PAGE)
    return { messages: all.slice(from, Math.max(0, end)).map(viewOf), hasMore: from > 0 }
  }

  async function say(
    one: Conversation,
    { id, words }: z.output<typeof message>,
  ): Promise<ConversationMessage> {
    const said = await messages.of(one.id)
    const known = said.get(id)
    if (known) return viewOf(known)
    const kept = {
      ...({ id, isMine: true, kind: one.as === 'ai' && one.with.isAi ? 'question' : 'chat' } as const),
      ...({ words, at: now().getTime(), state: 'sending', cost: 0 } as const),
      ...{ eventId: null, roomId: null, answers: null },
    }
    await conversations.put(one.id, kept)
    outbox.kick(one.id)
    return viewOf(kept)
  }

  async function begin({ request }: Ask): Promise<ConversationView> {
    const { as, handle, isAi, message } = await readJson(request, start)
    const person = await platform.person(handle.replace(/^@/, ''))
    const userId = person && (isAi ? person.ai : person.person)
    if (!person) throw new RequestProblem(404, `There is nobody called ${handle} here.`)
    if (!userId) throw new RequestProblem(409, `${handle} can’t be written to yet. Try again in a moment.`)
    const peer = peerOf(userId, userId.slice(userId.indexOf(':') + 1))
    const one = await conversations.ensure(as, peer, { state: 'asked' })
    if (one.state === 'stopped') await resume(one)
    if (one.state === 'invited') await accept(one)
    await say(one, message)
    return conversations.view(asked(one))
  }

  async function accept(one: Conversation): Promise<void> {
    // First, so that a room that becomes known meanwhile is joined by whoever sees it.
    const open = await conversations.change(one.id, (now) => ({ ...now, state: 'open', stopped: null }))
    for (const roomId of open?.rooms ?? [])
      await client.perform(one.as, { act: 'join', roomId }).catch(async () => {
        await conversations.change(one.id, (now) => ({ ...now, state: 'invited' }))
        return unreachable()
      })
    onChange(one.id)
  }

  async function resume(one: Conversation): Promise<void> {
    const countedFrom = now().getTime()
    await conversations.change(one.id, (before) => ({
      ...{ ...before, countedFrom, turns: 0, spentMicroUsd: 0, stopped: null },
      state: before.rooms.length > 0 ? 'open' : 'asked',
    }))
    onChange(one.id)
  }

  /** They see that this side has left; what they send cannot come any more. */
  async function stop(one: Conversation): Promise<void> {
    await leaving.note(one.as, one.rooms)
    await conversations.stop(one.id, 'owner')
    await conversations.change(one.id, (now) => ({ ...now, rooms: [] }))
    await leaving.run(one.as).catch(() => owe({ person: one.as === 'person', ai: one.as === 'ai' }))
  }

  const act = (name: string, work: (one: Conversation) => Promise<unknown>): Route =>
    answering({ ...owner, method: 'POST', path: `${path}/${name}` }, async (ask) => {
      await work(asked(ask))
      return conversations.view(asked(ask))
    })

  return [
    answering({ ...owner, method: 'GET', path: CONVERSATIONS_API }, list),
    answering({ ...owner, method: 'POST', path: CONVERSATIONS_API }, begin),
    answering(
      { ...owner, method: 'GET', path: `${CONVERSATIONS_API}/settings` },
      async () => state.now().settings,
    ),
    answering({ ...owner, method: 'PUT', path: `${CONVERSATIONS_API}/settings` }, async ({ request }) => {
      const settings = await readJson(request, settingsSchema)
      return (await state.change((all) => ({ ...all, settings }))).settings
    }),
    answering({ ...owner, method: 'GET', path: `${path}/messages` }, page),
    answering({ ...owner, method: 'POST', path: `${path}/messages` }, async (ask) => {
      const one = asked(ask)
      if (one.state === 'stopped') throw new RequestProblem(409, 'This conversation is stopped.')
      if (one.state === 'invited') throw new RequestProblem(409, 'Accept the invitation first.')
      return say(one, await readJson(ask.request, message))
    }),
    act('accept', async (one) => one.state === 'invited' && accept(one)),
    act('decline', async (one) => one.state === 'invited' && stop(one)),
    act('stop', stop),
    act('resume', async (one) => one.state === 'stopped' && resume(one)),
    act('read', (one) =>
      conversations.change(one.id, (now) => (now.unread === 0 ? now : { ...now, unread: 0 })),
    ),
  ]
}

function unreachable(): never {
  throw new RequestProblem(503, 'The homeserver can’t be reached right now. Try again in a moment.')
}
