import type { ChannelMessage } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { admit, newCode } from './people.ts'
import { NO_MEMORY } from './state.ts'

const NOW = new Date('2026-05-01T12:00:00Z')
const message = (words: string, id = '7'): ChannelMessage => ({
  ...{ id: 'm', channel: 'telegram', conversation: 'telegram-7', words, at: '' },
  ...{ from: { id, name: 'Ada' }, reply: {} },
})
const start = { ...NO_MEMORY, code: 'ABCD2345' }
const ask = (words: string, { id = '7', memory = start, people = [] as { id: string }[], now = NOW } = {}) =>
  admit({ message: message(words, id), people, messagesPerDay: 2, memory, handle: 'ada', now })

it('tells a stranger once a day how to be let in, and asks nothing', () => {
  const first = ask('Hello')
  expect(first.admission).toMatchObject({ kind: 'tell', words: expect.stringContaining('ada’s computer') })
  const second = ask('Hello?', { memory: first.memory })
  expect(second.admission).toEqual({ kind: 'tell', words: null })
  const tomorrow = new Date('2026-05-02T12:00:00Z')
  expect(ask('Hello', { memory: second.memory, now: tomorrow }).admission).not.toEqual({
    kind: 'tell',
    words: null,
  })
})

it.each(['ABCD2345', ' abcd-2345 ', 'abcd 2345', '/start ABCD2345'])(
  'lets whoever writes the code in: %s',
  (words) => {
    const { admission, memory } = ask(words)
    expect(admission.kind).toBe('pair')
    // It lets in nobody else.
    expect(memory.code).not.toBe('ABCD2345')
  },
)

it('lets nobody in by an empty code', () => {
  expect(ask('', { memory: NO_MEMORY }).admission.kind).toBe('tell')
  expect(ask(' ', { memory: NO_MEMORY }).admission.kind).toBe('tell')
})

it('changes the code after twenty that were wrong', () => {
  let memory = start
  for (let tries = 0; tries < 19; tries++) memory = ask('WRONG234', { memory, id: String(tries) }).memory
  expect(memory.code).toBe('ABCD2345')
  memory = ask('WRONG234', { memory }).memory
  expect(memory.code).not.toBe('ABCD2345')
})

it('writes to twenty strangers in a day at most', () => {
  let memory = start
  const told = Array.from({ length: 30 }, (_, at) => {
    const result = ask('Hi', { memory, id: `s${at}` })
    memory = result.memory
    return result.admission
  })
  expect(told.filter((one) => one.kind === 'tell' && one.words !== null)).toHaveLength(20)
})

it('answers as often as it may in a day, and says so once', () => {
  const people = [{ id: '7' }]
  let memory = start
  const kinds = Array.from({ length: 4 }, () => {
    const result = ask('Hello', { memory, people })
    memory = result.memory
    return result.admission.kind === 'tell' ? result.admission.words !== null : result.admission.kind
  })
  expect(kinds).toEqual(['ask', 'ask', true, false])
  const tomorrow = new Date('2026-05-02T00:00:01Z')
  expect(ask('Hello', { memory, people, now: tomorrow }).admission.kind).toBe('ask')
})

it('makes codes of letters that are not mistaken for others', () => {
  expect(newCode()).toMatch(/^[A-HJ-NP-Z2-9]{8}$/)
})
