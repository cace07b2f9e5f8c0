import type { KeyboardEvent } from 'react'
import { expect, test, vi } from 'vitest'
import { type KeyDeeds, onListKey } from './keys.ts'
import { NOTHING, only, type Selection } from './model/selection.ts'

const names = ['apple', 'banana', 'blueberry', 'cherry']

function press(key: string, keys: Partial<KeyboardEvent> = {}, selection: Selection = only('banana')) {
  const deeds = {
    ...{ choose: vi.fn(), open: vi.fn(), rename: vi.fn(), trash: vi.fn(), clip: vi.fn() },
    ...{ up: vi.fn(), turn: vi.fn(), find: vi.fn(), menu: vi.fn() },
  } satisfies KeyDeeds
  const preventDefault = vi.fn()
  const event = { key, timeStamp: 0, preventDefault, ...keys } as Partial<KeyboardEvent>
  onListKey(event as KeyboardEvent, { names, selection, rows: 2 }, deeds)
  const called = Object.entries(deeds).filter(([, deed]) => deed.mock.calls.length > 0)
  return { called: called.map(([name]) => name), deeds, isTaken: preventDefault.mock.calls.length > 0 }
}
const chosen = ({ deeds }: ReturnType<typeof press>) => {
  const selection: Selection = deeds.choose.mock.calls[0]?.[0]
  return [...selection.chosen]
}

test.each([
  ['Enter', {}, 'open'],
  ['F2', {}, 'rename'],
  ['Delete', {}, 'trash'],
  ['Backspace', {}, 'up'],
  ['ArrowUp', { altKey: true }, 'up'],
  ['ArrowLeft', { altKey: true }, 'turn'],
  ['c', { ctrlKey: true }, 'clip'],
  ['x', { metaKey: true }, 'clip'],
  ['f', { ctrlKey: true }, 'find'],
  ['/', {}, 'find'],
  ['F10', { shiftKey: true }, 'menu'],
])('takes %s with %o to %s', (key, keys, deed) => {
  expect(press(key, keys)).toMatchObject({ called: [deed], isTaken: true })
})

test.each([
  ['ArrowDown', {}, ['blueberry']],
  ['ArrowUp', {}, ['apple']],
  ['PageDown', {}, ['cherry']],
  ['Home', {}, ['apple']],
  ['End', { shiftKey: true }, ['banana', 'blueberry', 'cherry']],
  ['a', { ctrlKey: true }, names],
  ['Escape', {}, []],
])('chooses, by %s with %o, %j', (key, keys, expected) => {
  expect(chosen(press(key, keys))).toEqual(expected)
})

test('finds what is typed at once as one word, and begins anew after a while', () => {
  expect(chosen(press('b', { timeStamp: 10_000 }, only('apple')))).toEqual(['banana'])
  expect(chosen(press('l', { timeStamp: 10_300 }, only('banana')))).toEqual(['blueberry'])
  expect(chosen(press('c', { timeStamp: 12_000 }, only('blueberry')))).toEqual(['cherry'])
})

test('leaves the browser its own keys, and does nothing to nothing', () => {
  for (const [key, keys] of [
    ['r', { ctrlKey: true }],
    ['v', { ctrlKey: true }],
    ['Tab', {}],
  ] as const)
    expect(press(key, keys)).toMatchObject({ called: [], isTaken: false })
  expect(press('Enter', {}, NOTHING).called).toEqual([])
})
