// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import { idOf, pathOf } from '../../../../src/chat/log/tree.ts'
import type { ChatEvent, ChatRequest } from '../../../../src/chat/protocol.ts'
import type { LinkState } from '../../../shell/connection/link.ts'
import type { OpenLinkOptions } from '../../../shell/connection/links.ts'
import { createChatSession } from './session.ts'

let options: OpenLinkOptions
let isOpen = false
const sent: ChatRequest[] = []
vi.mock('../../../shell/connection/links.ts', () => ({
  openLink: (given: OpenLinkOptions) => {
    options = given
    return {
      send: (message: ChatRequest) => isOpen && sent.push(message) > 0,
      wake: () => undefined,
      end: () => undefined,
    }
  },
}))

const state = (next: LinkState) => {
  isOpen = next === 'open'
  options.onState(next)
}
const hear = (event: ChatEvent) => options.onMessage(event)
const HELLO: ChatEvent = {
  ...{
    type: 'hello',
    conversations: [],
    models: [],
    model: 'm',
    noAi: null,
    noCommands: null,
    credits: null,
  },
}
const connect = (
  session: ReturnType<typeof createChatSession>,
  entries: Extract<ChatEvent, { type: 'conversation' }>['entries'] = [],
) => {
  state('open')
  hear(HELLO)
  hear({ type: 'conversation', conversation: session.view.get().current, entries, running: null })
}
const said = () => sent.filter(({ type }) => type === 'say')
const words = (text: string) => ({ text, images: [] })

beforeEach(() => {
  localStorage.clear()
  sent.length = 0
})

test('keeps what is said without a connection, over a reload too, and sends it once', () => {
  const before = createChatSession('first')
  before.start()
  before.say(words('Hello'))
  expect(said()).toEqual([])
  const session = createChatSession('first')
  session.start()
  expect(options.isNeeded?.()).toBe(true)
  connect(session)
  expect(said()).toMatchObject([{ conversation: 'first', text: 'Hello', parent: null }])
  // The connection breaks before it was taken: sent again, under the same id.
  state('retrying')
  connect(session)
  const [one, again] = said()
  expect(again).toEqual(one)
  hear({ type: 'taken', id: one && 'id' in one ? one.id : '' })
  expect(session.outbox.waiting.get()).toEqual([])
  state('retrying')
  connect(session)
  expect(said()).toHaveLength(2)
})

test('waits while an answer is under way, and then follows it', () => {
  const session = createChatSession('first')
  session.start()
  connect(session)
  const entry = (one: Extract<ChatEvent, { type: 'entry' }>['entry']) =>
    hear({ type: 'entry', conversation: 'first', entry: one })
  entry({ type: 'said', id: 'q1', parent: null, text: 'One', images: [], at: 1 })
  entry({ type: 'turn', id: 'a1', parent: 'q1', model: 'm', at: 2 })
  session.say(words('Two'))
  expect(said()).toEqual([])
  entry({ type: 'ended', turn: 'a1', how: 'done', at: 3 })
  expect(said()).toMatchObject([{ text: 'Two', parent: 'a1' }])
})

test('says why a message was not taken, and sends it again when it is told to', () => {
  const session = createChatSession('first')
  session.start()
  connect(session)
  session.say(words('Hello'))
  const [message] = session.outbox.waiting.get()
  hear({ type: 'failed', id: message?.id ?? '', words: 'Your disk is full.' })
  expect(session.outbox.waiting.get()).toMatchObject([{ failure: 'Your disk is full.' }])
  state('retrying')
  connect(session)
  expect(said()).toHaveLength(1)
  session.sendAgain(message?.id ?? '')
  expect(said()).toHaveLength(2)
})

test('shows the branch that was just begun, and the one that is chosen', () => {
  const session = createChatSession('first')
  session.start()
  connect(session, [
    { type: 'said', id: 'q1', parent: null, text: 'One', images: [], at: 1 },
    { type: 'turn', id: 'a1', parent: 'q1', model: 'm', at: 2 },
    { type: 'ended', turn: 'a1', how: 'done', at: 3 },
    { type: 'said', id: 'q1b', parent: null, text: 'Other', images: [], at: 4 },
  ])
  const shown = () => {
    const { conversation, chosen } = session.view.get()
    return pathOf(conversation, (parent) => chosen[String(parent)]).map(idOf)
  }
  expect(shown()).toEqual(['q1b'])
  session.choose(null, 'q1')
  expect(shown()).toEqual(['q1', 'a1'])
  session.retry('q1')
  const retry = sent.at(-1)
  expect(retry).toMatchObject({ type: 'retry', message: 'q1' })
  hear({
    type: 'entry',
    conversation: 'first',
    entry: { type: 'turn', id: retry && 'id' in retry ? retry.id : '', parent: 'q1', model: 'm', at: 5 },
  })
  expect(shown().at(-1)).toBe(retry && 'id' in retry ? retry.id : '')
})

test('grows what is under way, and lets go of it with its entry', () => {
  const session = createChatSession('first')
  session.start()
  connect(session)
  const running = () => session.view.get().running
  hear({
    type: 'entry',
    conversation: 'first',
    entry: { type: 'said', id: 'q1', parent: null, text: 'x', images: [], at: 1 },
  })
  hear({
    type: 'entry',
    conversation: 'first',
    entry: { type: 'turn', id: 'a1', parent: 'q1', model: 'm', at: 2 },
  })
  const live = (one: Extract<ChatEvent, { type: 'live' }>['live']) =>
    hear({ type: 'live', conversation: 'first', turn: 'a1', live: one })
  live({ kind: 'text', text: 'Hel' })
  live({ kind: 'text', text: 'lo' })
  live({ kind: 'tool', id: 't', name: 'write_file', input: {} })
  live({ kind: 'tool', id: 't', name: 'write_file', input: { path: 'a' } })
  expect(running()).toMatchObject({ text: 'Hello', tools: [{ id: 't', input: { path: 'a' } }] })
  hear({
    type: 'entry',
    conversation: 'first',
    entry: { type: 'step', turn: 'a1', content: [{ type: 'text', text: 'Hello' }], at: 3 },
  })
  expect(running()).toMatchObject({ text: '', tools: [] })
  hear({ type: 'live', conversation: 'other', turn: 'a1', live: { kind: 'text', text: 'no' } })
  expect(running()?.text).toBe('')
})
