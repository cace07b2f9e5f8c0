import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type NotesRequest, PAD_LIMIT } from '../../../src/protocol.ts'
import { createPadModel, type Draft, UNSAVED_CONFLICT } from './pad-model.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type Save = Extract<NotesRequest, { type: 'save' }>

function pad(draft: Draft | null = null) {
  const saves: Save[] = []
  let stored: Draft | null = draft
  const onSilence = vi.fn()
  const model = createPadModel({
    draft,
    send: (request) => {
      if (request.type === 'save') saves.push(request)
      return true
    },
    onChange: (_view, next) => {
      stored = next
    },
    onSilence,
    quietMs: 400,
    silenceMs: 10_000,
    retryMs: 10_000,
  })
  return {
    model,
    saves,
    onSilence,
    stored: () => stored,
    connect(text: string) {
      model.setOnline(true)
      model.receive({ type: 'pad', version: `v:${text}`, text })
    },
    acknowledge(keptCopy: string | null = null) {
      const last = saves.at(-1)
      if (last) model.receive({ type: 'saved', id: last.id, version: `v:${last.text}`, keptCopy })
    },
  }
}

test('saves typing after a moment, once, from the version it grew from', () => {
  const it = pad()
  expect(it.model.view.status).toBe('offline')
  it.connect('a')
  it.model.edit('ab')
  it.model.edit('abc')
  expect(it.model.view.status).toBe('unsaved')
  vi.advanceTimersByTime(400)
  expect(it.saves).toEqual([{ type: 'save', id: 1, base: 'v:a', text: 'abc' }])
  expect(it.model.view.status).toBe('saving')
  it.acknowledge()
  expect(it.model.view.status).toBe('saved')
  expect(it.stored()).toBeNull()
})

test('saves keystrokes made during a save in the next one', () => {
  const it = pad()
  it.connect('')
  it.model.edit('a')
  vi.advanceTimersByTime(400)
  it.model.edit('ab')
  it.acknowledge()
  expect(it.model.dirty).toBe(true)
  vi.advanceTimersByTime(400)
  expect(it.saves.at(-1)).toMatchObject({ base: 'v:a', text: 'ab' })
})

test('keeps what is typed offline for this tab, and saves it on return', () => {
  const it = pad()
  it.connect('a')
  it.model.setOnline(false)
  it.model.edit('ab')
  vi.advanceTimersByTime(5_000)
  expect(it.saves).toEqual([])
  expect(it.stored()).toEqual({ base: { version: 'v:a', text: 'a' }, text: 'ab' })
  it.connect('a')
  vi.advanceTimersByTime(400)
  expect(it.saves).toEqual([{ type: 'save', id: 1, base: 'v:a', text: 'ab' }])
})

test('saves the draft of a tab that crashed', () => {
  const it = pad({ base: { version: 'v:a', text: 'a' }, text: 'a draft' })
  expect(it.model.view.text).toBe('a draft')
  it.connect('a')
  vi.advanceTimersByTime(400)
  expect(it.saves.at(-1)).toMatchObject({ base: 'v:a', text: 'a draft' })
})

test('recognises a save whose response got lost', () => {
  const it = pad()
  it.connect('a')
  it.model.edit('ab')
  vi.advanceTimersByTime(400)
  it.model.setOnline(false)
  it.model.edit('abc')
  it.connect('ab')
  expect(it.model.view.conflict).toBeNull()
  vi.advanceTimersByTime(400)
  expect(it.saves.at(-1)).toMatchObject({ base: 'v:ab', text: 'abc' })
})

test('merges another tab’s change elsewhere, and shows one in the same place as a conflict', () => {
  const it = pad()
  it.connect('one two')
  it.model.edit('ONE two')
  it.model.receive({ type: 'pad', version: 'v:2', text: 'one two three' })
  expect(it.model.view).toMatchObject({ text: 'ONE two three', conflict: null })
  it.model.receive({ type: 'pad', version: 'v:3', text: 'uno two three' })
  expect(it.model.view).toMatchObject({ text: 'ONE two three', conflict: UNSAVED_CONFLICT })
  vi.advanceTimersByTime(400)
  expect(it.saves.at(-1)).toMatchObject({ base: 'v:2', text: 'ONE two three' })
  it.acknowledge('notes/pad-x.md')
  expect(it.model.view).toMatchObject({ status: 'saved', conflict: 'notes/pad-x.md' })
  it.model.dismissConflict()
  expect(it.model.view.conflict).toBeNull()
})

test('shows a full disk, loses nothing, and tries again on the next key', () => {
  const it = pad()
  it.connect('')
  it.model.edit('a')
  vi.advanceTimersByTime(400)
  it.model.receive({ type: 'failed', id: 1, message: 'Your disk is full.' })
  expect(it.model.view).toMatchObject({ status: 'failed', failure: 'Your disk is full.' })
  expect(it.stored()?.text).toBe('a')
  it.model.edit('ab')
  vi.advanceTimersByTime(400)
  expect(it.saves).toHaveLength(2)
  it.acknowledge()
  expect(it.model.view).toMatchObject({ status: 'saved', failure: null })
})

test('tries again by itself, and says what is wrong until it is saved', () => {
  const it = pad()
  it.connect('')
  it.model.edit('a')
  vi.advanceTimersByTime(400)
  for (const id of [1, 2]) {
    it.model.receive({ type: 'failed', id, message: 'Your disk is full.' })
    vi.advanceTimersByTime(10_000)
    expect(it.saves).toHaveLength(id + 1)
    expect(it.model.view.failure).toBe('Your disk is full.')
  }
  it.acknowledge()
  expect(it.model.view).toMatchObject({ status: 'saved', failure: null })
  vi.advanceTimersByTime(60_000)
  expect(it.saves).toHaveLength(3)
})

test('sends nothing that is too long to arrive, and says so', () => {
  const it = pad()
  it.connect('')
  it.model.edit('a'.repeat(PAD_LIMIT + 1))
  vi.advanceTimersByTime(400)
  expect(it.saves).toEqual([])
  expect(it.model.view.failure).toContain('up to 500,000 characters')
  it.model.edit('a'.repeat(PAD_LIMIT))
  vi.advanceTimersByTime(400)
  it.acknowledge()
  expect(it.model.view).toMatchObject({ status: 'saved', failure: null })
})

test('looks again at a file that could not be read, when told to', () => {
  const it = pad()
  it.model.setOnline(true)
  it.model.receive({ type: 'failed', id: 0, message: 'The note pad: I am not allowed to touch it' })
  it.model.flush()
  expect(it.onSilence).not.toHaveBeenCalled()
  it.model.tryAgain()
  expect(it.onSilence).toHaveBeenCalledOnce()
  it.connect('a')
  expect(it.model.view).toMatchObject({ text: 'a', status: 'saved', failure: null })
})

test('drops the connection when a save gets no response', () => {
  const it = pad()
  it.connect('')
  it.model.edit('a')
  vi.advanceTimersByTime(10_400)
  expect(it.onSilence).toHaveBeenCalledOnce()
})

test('accepts a text saved here before that comes back from another tab', () => {
  const it = pad()
  it.connect('')
  it.model.edit('a')
  vi.advanceTimersByTime(400)
  it.acknowledge()
  it.model.receive({ type: 'pad', version: 'v:b', text: 'b' })
  it.model.receive({ type: 'pad', version: 'v:a', text: 'a' })
  expect(it.model.view).toMatchObject({ text: 'a', status: 'saved' })
  vi.advanceTimersByTime(5_000)
  expect(it.saves).toHaveLength(1)
})
