/** The conversations that are open in this process: what is in them, who looks, and the answer that is under way. */
import { describeError, type Log } from '../log.ts'
import type { Entry } from './log/entry.ts'
import { addEntry, type Conversation, conversationOf } from './log/tree.ts'
import type { ChatEvent, Live, Question, Running, Summary } from './protocol.ts'
import type { Chats } from './store.ts'
import type { Decision } from './turn/use-tool.ts'

export interface Watcher {
  send(event: ChatEvent): void
}

export interface Open {
  conversation: Conversation
  /** All of them, as its file has them. */
  entries: Entry[]
  watchers: Set<Watcher>
  running: RunningTurn | null
  /** Adds what happened, and tells everybody who looks. Rejects when it cannot be written; then it did not happen. */
  append(entry: Entry): Promise<void>
  /** Only shown: where the disk takes nothing any more. */
  show(entry: Entry): void
}

export interface RunningTurn {
  state: Running
  stop: AbortController
  decide: ((decision: Decision) => void) | null
  ended: Promise<void>
}

export interface Desk {
  /** Reads it, or begins it in memory: its file comes with its first entry. */
  open(id: string): Promise<Open>
  opened(): Iterable<Open>
  forget(id: string): void
  summaries(): Promise<Summary[]>
}

export interface DeskOptions {
  chats: Chats
  /** What was under way when the process before this one ended. */
  recover: (open: Open) => Promise<void>
  onChange: () => void
  now: () => number
  log: Log
}

export function createDesk({ chats, recover, onChange, now, log }: DeskOptions): Desk {
  const all = new Map<string, Promise<Open>>()
  const opened = new Map<string, Open>()

  const load = async (id: string): Promise<Open> => {
    const entries = (await chats.read(id)) ?? []
    const conversation = conversationOf(id, entries)
    const file = chats.log(id)
    let isBegun = entries.length > 0
    const watchers = new Set<Watcher>()
    const show = (entry: Entry) => {
      entries.push(entry)
      addEntry(conversation, entry)
      settleLive(open, entry)
      for (const watcher of watchers) watcher.send({ type: 'entry', conversation: id, entry })
    }
    const append = async (entry: Entry) => {
      if (!isBegun) await file.append({ type: 'begun', id, at: now() })
      isBegun = true
      await file.append(entry)
      show(entry)
      if (entry.type === 'said' || entry.type === 'title' || entry.type === 'ended') onChange()
    }
    const open: Open = { conversation, entries, watchers, running: null, append, show }
    opened.set(id, open)
    await recover(open).catch((error) => log('conversation not recovered', describeError(error)))
    return open
  }

  return {
    open(id) {
      const found =
        all.get(id) ??
        load(id).catch((error) => {
          all.delete(id)
          throw error
        })
      all.set(id, found)
      return found
    },
    opened: () => opened.values(),
    forget(id) {
      all.delete(id)
      opened.delete(id)
    },
    async summaries() {
      const kept = await chats.list()
      return kept.map((one) => ({ ...one, isRunning: opened.get(one.id)?.running != null }))
    },
  }
}

const OUTPUT_KEPT = 60_000

/** Keeps what is shown live for pages that come later, and tells those that are there. */
export function tellLive(open: Open, live: Live): void {
  const { running, watchers, conversation } = open
  if (!running) return
  const { state } = running
  if (live.kind === 'text') state.text += live.text
  else if (live.kind === 'tool') {
    const { id, name, input } = live
    const at = state.tools.findIndex((one) => one.id === id)
    state.tools.splice(at < 0 ? state.tools.length : at, at < 0 ? 0 : 1, { id, name, input })
  } else if (live.kind === 'output') {
    state.output[live.id] = ((state.output[live.id] ?? '') + live.text).slice(-OUTPUT_KEPT)
  } else state.question = live.question
  for (const watcher of watchers)
    watcher.send({ type: 'live', conversation: conversation.id, turn: state.turn, live })
}

/** A step is in the entries now: what it was while it came is not shown any more. */
function settleLive(open: Open, entry: Entry): void {
  const state = open.running?.state
  if (!state) return
  if (entry.type === 'step') Object.assign(state, { text: '', tools: [] })
  if (entry.type === 'result') delete state.output[entry.tool]
}

/** Asks whoever looks, now or later. Rejects when the answer is stopped meanwhile. */
export function askIn(open: Open, question: Question): Promise<Decision> {
  const { running } = open
  if (!running) return Promise.resolve('deny')
  return new Promise<Decision>((resolve, reject) => {
    const { signal } = running.stop
    const settle = (act: () => void) => {
      running.decide = null
      signal.removeEventListener('abort', stopped)
      tellLive(open, { kind: 'question', question: null })
      act()
    }
    const stopped = () => settle(() => reject(signal.reason))
    running.decide = (decision) => settle(() => resolve(decision))
    signal.addEventListener('abort', stopped)
    tellLive(open, { kind: 'question', question })
    if (signal.aborted) stopped()
  })
}
