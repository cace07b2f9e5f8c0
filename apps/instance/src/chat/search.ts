/** Finds words in a conversation: in its title, in what was said and in what was answered. */
import { fold } from '../files/api/fold.ts'
import { type Conversation, textOf } from './log/tree.ts'
import type { Found } from './protocol.ts'

/** Characters before and after a match. */
const AROUND = 60

/** `null`: not in it. The newest match is the one that is shown. */
export function findIn(conversation: Conversation, query: string): Found | null {
  const wanted = fold(query.trim())
  if (wanted === '') return null
  const { id, title, changedAt } = conversation
  const texts = [
    ...[...conversation.said.values()].map(({ text, at }) => ({ text, at })),
    ...[...conversation.turns.values()].map((turn) => ({ text: textOf(turn), at: turn.at })),
  ].sort((a, b) => b.at - a.at)
  for (const { text, at } of texts) {
    const found = around(text, wanted)
    if (found !== null) return { conversation: id, title, text: found, at }
  }
  return fold(title).includes(wanted) ? { conversation: id, title, text: '', at: changedAt } : null
}

function around(text: string, wanted: string): string | null {
  const plain = text.replaceAll(/\s+/g, ' ')
  const at = fold(plain).indexOf(wanted)
  if (at < 0) return null
  const [from, to] = [Math.max(0, at - AROUND), at + wanted.length + AROUND]
  const piece = plain.slice(from, to).toWellFormed()
  return `${from > 0 ? '…' : ''}${piece}${to < plain.length ? '…' : ''}`
}
