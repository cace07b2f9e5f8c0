/** Conversations in words. */
import type { ConversationView, Peer } from '../../../../src/conversations/protocol.ts'

export const nameOf = ({ handle, userId, isAi }: Peer): string => {
  const name = handle === null ? userId : `@${handle}`
  return isAi ? `${name}’s AI` : name
}

const MICRO = 1_000_000
export const dollars = (microUsd: number): string => {
  const value = microUsd / MICRO
  return `$${value === 0 || value >= 0.01 ? value.toFixed(2) : value.toFixed(4)}`
}

const written = (count: number) => (count === 1 ? '1 message' : `${count} messages`)

/** What an AI of this computer has done in it; `null` where none is in it. */
export const effortOf = (one: ConversationView): string | null =>
  one.turnLimit === 0
    ? null
    : `Your AI: ${one.turns} of ${written(one.turnLimit)} · ${dollars(one.spentMicroUsd)} of ${dollars(one.budgetMicroUsd)}`

/** What is to be known before one writes; `null`: nothing. */
export function standingOf(one: ConversationView): string | null {
  const name = nameOf(one.with)
  if (one.state === 'invited')
    return one.as === 'ai' ? `${name} would like to ask your AI.` : `${name} would like to message you.`
  if (one.state === 'asked') return `${name} has not answered yet. You can write all the same.`
  if (one.state === 'open') return null
  switch (one.stopped) {
    case 'turns':
      return `Stopped after ${written(one.turnLimit)} of your AI: AIs must not talk to each other for ever.`
    case 'budget':
      return `Stopped: your AI has spent ${dollars(one.spentMicroUsd)}, as much as one conversation may.`
    case 'other':
      return `${name} is not in this conversation any more.`
    default:
      return 'You stopped this conversation.'
  }
}

const LOCALE = 'en-GB'
const time = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short' })
const longDay = new Intl.DateTimeFormat(LOCALE, { weekday: 'long', day: 'numeric', month: 'long' })

export const timeOf = (at: string): string => time.format(new Date(at))
export const shortTime = (at: string, now: Date): string => {
  const date = new Date(at)
  return (date.toDateString() === now.toDateString() ? time : day).format(date)
}
/** Above the first message of a day. */
export const dayOf = (at: string, now: Date): string => {
  const date = new Date(at)
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (date.toDateString() === now.toDateString()) return 'Today'
  return date.toDateString() === yesterday.toDateString() ? 'Yesterday' : longDay.format(date)
}
