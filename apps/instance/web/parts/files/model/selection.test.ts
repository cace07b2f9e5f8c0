import { expect, test } from 'vitest'
import { choose, everything, findTyped, NOTHING, only, retain, step } from './selection.ts'

const names = ['a', 'b', 'c', 'd', 'e']
const click = { isToggle: false, isRange: false }
const shift = { isToggle: false, isRange: true }
const control = { isToggle: true, isRange: false }
const chosen = (selection: { chosen: ReadonlySet<string> }) => [...selection.chosen]

test('chooses one, and another instead of it', () => {
  expect(chosen(choose(only('a'), names, 'c', click))).toEqual(['c'])
})

test('adds and takes away one by one', () => {
  const two = choose(only('a'), names, 'c', control)
  expect(chosen(two)).toEqual(['a', 'c'])
  expect(chosen(choose(two, names, 'a', control))).toEqual(['c'])
})

test('spans a range in both directions from where it began', () => {
  const down = choose(only('b'), names, 'd', shift)
  expect(chosen(down)).toEqual(['b', 'c', 'd'])
  expect(chosen(choose(down, names, 'a', shift))).toEqual(['a', 'b'])
})

test('adds a range with both keys', () => {
  const two = choose(only('a'), names, 'c', control)
  expect(chosen(choose(two, names, 'e', { isToggle: true, isRange: true }))).toEqual(['a', 'c', 'd', 'e'])
})

test('walks with the arrows, stops at both ends, and stretches with Shift', () => {
  expect(chosen(step(NOTHING, names, 1, false))).toEqual(['a'])
  expect(chosen(step(NOTHING, names, -1, false))).toEqual(['e'])
  expect(chosen(step(only('e'), names, 1, false))).toEqual(['e'])
  const stretched = step(step(only('b'), names, 1, true), names, 1, true)
  expect(chosen(stretched)).toEqual(['b', 'c', 'd'])
  expect(chosen(step(stretched, names, -1, true))).toEqual(['b', 'c'])
  expect(step(only('a'), [], 1, false)).toBe(NOTHING)
})

test('forgets what is gone, and is the same where nothing is', () => {
  const all = everything(names, only('b'))
  expect(retain(all, names)).toBe(all)
  const rest = retain(all, ['a', 'c'])
  expect(chosen(rest)).toEqual(['a', 'c'])
  expect(rest.anchor).toBeNull()
})

test('finds what is typed, on from the cursor and round', () => {
  const list = ['alpha', 'Beta', 'bravo', 'gamma']
  expect(findTyped(list, 'alpha', 'b')).toBe('Beta')
  expect(findTyped(list, 'Beta', 'b')).toBe('bravo')
  expect(findTyped(list, 'bravo', 'b')).toBe('Beta')
  expect(findTyped(list, 'Beta', 'br')).toBe('bravo')
  expect(findTyped(list, 'Beta', 'z')).toBeNull()
})
