/** A conversation made of its entries: messages, their answers, and the branches between them. */
import type { Cost, Entry, EntryOf, Risk } from './entry.ts'

export type Result = EntryOf<'result'>

export interface Turn {
  id: string
  /** The message that it answers. */
  parent: string
  model: string
  at: number
  steps: EntryOf<'step'>[]
  notes: string[]
  ended: EntryOf<'ended'> | null
}

export type Said = EntryOf<'said'>

export interface Conversation {
  id: string
  title: string
  said: Map<string, Said>
  turns: Map<string, Turn>
  /** By the tool's call. */
  results: Map<string, Result>
  undone: Set<string>
  allowed: Set<Risk>
  /** Milliseconds since 1970. */
  begunAt: number
  changedAt: number
}

export const emptyConversation = (id: string): Conversation => ({
  id,
  title: '',
  said: new Map(),
  turns: new Map(),
  results: new Map(),
  undone: new Set(),
  allowed: new Set(),
  begunAt: 0,
  changedAt: 0,
})

/** Adds what happened; an entry that came twice changes nothing. */
export function addEntry(conversation: Conversation, entry: Entry): void {
  const turn = 'turn' in entry ? conversation.turns.get(entry.turn) : undefined
  switch (entry.type) {
    case 'begun':
      conversation.begunAt = entry.at
      break
    case 'title':
      conversation.title = entry.title
      break
    case 'said':
      if (!conversation.said.has(entry.id)) conversation.said.set(entry.id, entry)
      break
    case 'turn':
      if (!conversation.turns.has(entry.id)) conversation.turns.set(entry.id, newTurn(entry))
      break
    case 'step':
      turn?.steps.push(entry)
      break
    case 'result':
      conversation.results.set(entry.tool, entry)
      break
    case 'undone':
      conversation.undone.add(entry.tool)
      break
    case 'allowed':
      conversation.allowed.add(entry.risk)
      break
    case 'note':
      turn?.notes.push(entry.text)
      break
    case 'ended':
      if (turn) turn.ended = entry
  }
  conversation.changedAt = Math.max(conversation.changedAt, entry.at)
}

const newTurn = ({ id, parent, model, at }: EntryOf<'turn'>): Turn => ({
  ...{ id, parent, model, at },
  steps: [],
  notes: [],
  ended: null,
})

export function conversationOf(id: string, entries: Iterable<Entry>): Conversation {
  const conversation = emptyConversation(id)
  for (const one of entries) addEntry(conversation, one)
  return conversation
}

/** A message, or an answer to one. */
export type Item = { kind: 'said'; said: Said } | { kind: 'turn'; turn: Turn }

export const idOf = (item: Item): string => (item.kind === 'said' ? item.said.id : item.turn.id)

/** In the order in which they came; `null`: those at the beginning. */
export function childrenOf(conversation: Conversation, parent: string | null): Item[] {
  const said = [...conversation.said.values()].filter((one) => one.parent === parent)
  const turns = [...conversation.turns.values()].filter((one) => one.parent === parent)
  return [
    ...said.map((one): Item => ({ kind: 'said', said: one })),
    ...turns.map((one): Item => ({ kind: 'turn', turn: one })),
  ]
}

/** From the beginning to an end: of each fork, the branch that was chosen, or else the newest. */
export function pathOf(
  conversation: Conversation,
  chosen: (parent: string | null) => string | undefined = () => undefined,
): Item[] {
  const path: Item[] = []
  for (let parent: string | null = null; ; ) {
    const children: Item[] = childrenOf(conversation, parent)
    const picked = chosen(parent)
    const next: Item | undefined = children.find((one) => idOf(one) === picked) ?? children.at(-1)
    if (!next) return path
    path.push(next)
    parent = idOf(next)
  }
}

/** From the beginning down to one item, by way of parents. */
export function pathTo(conversation: Conversation, id: string): Item[] {
  const path: Item[] = []
  const seen = new Set<string>()
  for (let next: string | null = id; next !== null && !seen.has(next); ) {
    seen.add(next)
    const said = conversation.said.get(next)
    const turn = conversation.turns.get(next)
    if (said) path.unshift({ kind: 'said', said })
    else if (turn) path.unshift({ kind: 'turn', turn })
    else return path
    next = said ? said.parent : (turn?.parent ?? null)
  }
  return path
}

/** The words of an answer, without what its tools did. */
export const textOf = (turn: Turn): string =>
  turn.steps
    .flatMap(({ content }) => content)
    .map((one) => (one.type === 'text' ? one.text : ''))
    .filter((text) => text.trim() !== '')
    .join('\n\n')

/** What an answer cost in all; `null`: nobody said. */
export function costOf(turn: Turn): Cost | null {
  const told = turn.steps.flatMap(({ cost }) => (cost?.usd == null ? [] : [cost]))
  const last = told.at(-1)
  if (!last) return null
  const usd = told.reduce((sum, { usd }) => sum + Number(usd), 0)
  return { usd: String(Math.round(usd * 1e9) / 1e9), left: last.left }
}

const LONGEST_TITLE = 60

/** From the first words of a conversation. */
export function titleFrom(text: string): string {
  const words = text.trim().replaceAll(/\s+/g, ' ')
  if (words === '') return 'A picture'
  if (words.length <= LONGEST_TITLE) return words
  const cut = words.slice(0, LONGEST_TITLE)
  const space = cut.lastIndexOf(' ')
  return `${cut.slice(0, space > LONGEST_TITLE / 2 ? space : LONGEST_TITLE).toWellFormed()}…`
}
