/** The keys of a list of files. */
import type { KeyboardEvent } from 'react'
import { everything, findTyped, NOTHING, only, type Selection, step } from './model/selection.ts'

export interface KeyDeeds {
  choose(selection: Selection): void
  open(name: string): void
  rename(name: string): unknown
  trash(): void
  clip(isCut: boolean): void
  up(): void
  turn(by: -1 | 1): void
  find(): void
  menu(name: string): void
}

export interface KeyState {
  names: readonly string[]
  selection: Selection
  /** How many rows a page has. */
  rows: number
}

/** Letters that belong together follow each other within this time. */
const TYPING_MS = 800
let typed = { text: '', at: 0 }

const stepOf = (key: string, rows: number, count: number): number | null =>
  ({ ArrowDown: 1, ArrowUp: -1, PageDown: rows, PageUp: -rows, Home: -count, End: count })[key] ?? null

export function onListKey(event: KeyboardEvent, { names, selection, rows }: KeyState, deeds: KeyDeeds): void {
  const { key, shiftKey, altKey } = event
  const isCommand = event.ctrlKey || event.metaKey
  const { cursor } = selection
  const by = isCommand || altKey ? null : stepOf(key, rows, names.length)
  if (by !== null) deeds.choose(step(selection, names, by, shiftKey))
  else if (altKey && key === 'ArrowUp') deeds.up()
  else if (altKey && (key === 'ArrowLeft' || key === 'ArrowRight')) deeds.turn(key === 'ArrowLeft' ? -1 : 1)
  else if (isCommand && key === 'a') deeds.choose(everything(names, selection))
  else if (isCommand && (key === 'c' || key === 'x')) deeds.clip(key === 'x')
  else if (isCommand && key === 'f') deeds.find()
  else if (isCommand || altKey) return
  else if (key === 'Enter' && cursor !== null) deeds.open(cursor)
  else if (key === 'F2' && cursor !== null) deeds.rename(cursor)
  else if (key === 'Delete') deeds.trash()
  else if (key === 'Backspace') deeds.up()
  else if (key === 'Escape') deeds.choose(NOTHING)
  else if (key === '/') deeds.find()
  else if ((key === 'ContextMenu' || (shiftKey && key === 'F10')) && cursor !== null) deeds.menu(cursor)
  else if (key.length === 1) type(key, event.timeStamp, names, cursor, deeds)
  else return
  event.preventDefault()
}

function type(
  key: string,
  now: number,
  names: readonly string[],
  cursor: string | null,
  deeds: KeyDeeds,
): void {
  typed = { text: now - typed.at > TYPING_MS ? key : typed.text + key, at: now }
  const found = findTyped(names, cursor, typed.text)
  if (found !== null) deeds.choose(only(found))
}
