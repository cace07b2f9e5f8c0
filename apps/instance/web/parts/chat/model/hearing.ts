/** Takes in what the computer says, event by event. */
import type { Entry } from '../../../../src/chat/log/entry.ts'
import { addEntry, conversationOf } from '../../../../src/chat/log/tree.ts'
import type { ChatEvent, Live, Running } from '../../../../src/chat/protocol.ts'
import { homeMayHaveChanged } from '../../../shell/home-changes.ts'
import type { Store } from '../../../shell/store.ts'
import type { Outbox } from './outbox.ts'
import type { ChatView } from './view.ts'

export interface HearingOptions {
  view: Store<ChatView>
  change: (values: Partial<ChatView>) => void
  /** The same, and the conversation has grown. */
  touch: (values: Partial<ChatView>) => void
  outbox: Outbox
  onGreeted: () => void
  /** A message that was on its way is there, or is not taken. */
  onSettled: (id: string) => void
  onMaySend: () => void
}

type Handlers = { [T in ChatEvent['type']]: (event: Extract<ChatEvent, { type: T }>) => void }

export function createHearing(options: HearingOptions): (event: ChatEvent) => void {
  const { view, change, touch, outbox, onGreeted, onSettled, onMaySend } = options
  const handlers: Handlers = {
    pong: () => undefined,
    hello({ conversations: list, models, model, noAi, noCommands }) {
      change({ isGreeted: true, list, model, noAi, noCommands, ...(models.length > 0 && { models }) })
      onGreeted()
    },
    list: ({ conversations: list }) => change({ list }),
    models: ({ models, model }) => change({ models, model }),
    credits: ({ credits }) => change({ credits }),
    conversation({ conversation: id, entries, running }) {
      if (id !== view.get().current) return
      const conversation = conversationOf(id, entries)
      for (const message of conversation.said.keys()) outbox.remove(message)
      touch({ conversation, running, isLoaded: true })
      onMaySend()
    },
    entry({ conversation: id, entry }) {
      const { conversation, current, running } = view.get()
      if (id !== current) return
      addEntry(conversation, entry)
      if (entry.type === 'said') outbox.remove(entry.id)
      if (entry.type === 'result') homeMayHaveChanged()
      touch({ running: runningAfter(running, entry) })
      if (entry.type === 'ended') onMaySend()
    },
    live({ conversation, turn, live }) {
      const { running, current } = view.get()
      if (conversation === current && running?.turn === turn) change({ running: withLive(running, live) })
    },
    taken({ id }) {
      outbox.remove(id)
      onSettled(id)
      onMaySend()
    },
    failed({ id, words }) {
      if (id !== null) onSettled(id)
      if (id !== null && outbox.waiting.get().some((one) => one.id === id)) outbox.fail(id, words)
      else change({ notice: { words, isBad: true } })
    },
    'changed-since': ({ tool: undo, words }) => change({ notice: { words, isBad: true, undo } }),
    deleted: ({ title, trash: restore }) =>
      change({ notice: { words: `“${title || 'The conversation'}” is in the trash.`, restore } }),
    found: (event) => change({ found: event }),
  }
  return (event) => (handlers[event.type] as (one: ChatEvent) => void)(event)
}

function runningAfter(running: Running | null, entry: Entry): Running | null {
  if (entry.type === 'ended') return null
  if (entry.type === 'turn') {
    return { turn: entry.id, text: '', tools: [], output: {}, question: null }
  }
  return entry.type === 'step' && running ? { ...running, text: '', tools: [] } : running
}

const OUTPUT_KEPT = 60_000

function withLive(running: Running, live: Live): Running {
  switch (live.kind) {
    case 'text':
      return { ...running, text: running.text + live.text }
    case 'tool': {
      const { id, name, input } = live
      const known = running.tools.some((one) => one.id === id)
      const tools = known
        ? running.tools.map((one) => (one.id === id ? { id, name, input } : one))
        : [...running.tools, { id, name, input }]
      return { ...running, tools }
    }
    case 'output': {
      const text = ((running.output[live.id] ?? '') + live.text).slice(-OUTPUT_KEPT)
      return { ...running, output: { ...running.output, [live.id]: text } }
    }
    case 'question':
      return { ...running, question: live.question }
  }
}
