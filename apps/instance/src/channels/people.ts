/**
 * Who may talk to the computer. Each answer is on its owner's credits: whoever is not on the list has to write the code
 * that the settings show, once.
 */
import { randomInt, timingSafeEqual } from 'node:crypto'
import type { ChannelMessage } from '@matrixos/shared'
import type { ChannelMemory } from './state.ts'

/** Nothing that is mistaken for something else. */
const LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
const CODE_LENGTH = 8
/** In a day; then there is another code. */
const MOST_WRONG_CODES = 20
/** Strangers that are told in a day how to be let in. */
const MOST_TOLD = 20

export const newCode = (): string =>
  Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')

export type Admission =
  /** It is answered. */
  | { kind: 'ask' }
  /** It is told something instead; `null`: nothing. */
  | { kind: 'tell'; words: string | null }
  | { kind: 'pair'; words: string }

export interface AdmissionOptions {
  message: ChannelMessage
  people: readonly { id: string }[]
  messagesPerDay: number
  memory: ChannelMemory
  /** Of the computer. */
  handle: string
  now: Date
}

/** Telegram's links write this before it. */
const START = /^\/start\s+/

const isSame = (typed: string, code: string): boolean => {
  const [a, b] = [typed.trim().replace(START, '').toUpperCase().replace(/[\s-]/g, ''), code].map((text) =>
    Buffer.from(text),
  )
  return !!a && !!b && code !== '' && a.length === b.length && timingSafeEqual(a, b)
}
const couldBeCode = (typed: string) => /^[\w\s-]{6,16}$/.test(typed.trim())

/** What becomes of a message, and what is to be remembered of it. */
export function admit(options: AdmissionOptions): { admission: Admission; memory: ChannelMemory } {
  const { message, people, messagesPerDay, handle, now } = options
  const day = now.toISOString().slice(0, 10)
  const seen = { ...options.memory, lastMessageAt: now.toISOString() }
  const memory = seen.day === day ? seen : { ...seen, day, answered: 0, wrongCodes: 0, told: [] }
  const { id } = message.from
  if (people.some((person) => person.id === id)) {
    if (memory.answered < messagesPerDay)
      return { admission: { kind: 'ask' }, memory: { ...memory, answered: memory.answered + 1 } }
    return tellOnce(memory, `limit ${id}`, 'That was my last answer for today. I’ll go on tomorrow (UTC).')
  }
  if (isSame(message.words, memory.code)) {
    const words = `Hello! From now on you can talk to me here. I’m ${handle}’s computer.`
    return { admission: { kind: 'pair', words }, memory: { ...memory, code: newCode() } }
  }
  const wrongCodes = memory.wrongCodes + (couldBeCode(message.words) ? 1 : 0)
  const guessed = wrongCodes >= MOST_WRONG_CODES
  const next = { ...memory, wrongCodes: guessed ? 0 : wrongCodes, code: guessed ? newCode() : memory.code }
  return tellOnce(
    next,
    id,
    `This is ${handle}’s computer, and I don’t know you yet. If it is yours, send me the code that its settings show under Channels.`,
  )
}

/** Once a day each, and not everybody: a crowd of strangers is no reason to write a lot. */
function tellOnce(memory: ChannelMemory, whom: string, words: string) {
  const isTold = memory.told.includes(whom) || memory.told.length >= MOST_TOLD
  return {
    admission: { kind: 'tell', words: isTold ? null : words } as const,
    memory: isTold ? memory : { ...memory, told: [...memory.told, whom] },
  }
}
