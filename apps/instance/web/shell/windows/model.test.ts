import { expect, test } from 'vitest'
import * as model from './model.ts'

const DESKTOP = { width: 1200, height: 700 }
const SIZE = { width: 800, height: 500 }

const open = (
  windows: model.Windows,
  part: string,
  target?: unknown,
  more: Partial<model.OpenOptions> = {},
) =>
  model.open(windows, {
    intent: target === undefined ? { part } : { part, target },
    isMany: false,
    desktop: DESKTOP,
    size: SIZE,
    ...more,
  })
const ids = (windows: model.Windows) => windows.map(({ id }) => id).join(' ')
const three = () => open(open(open([], 'a'), 'b'), 'c')

test('opens in front, and each a step from the last', () => {
  const windows = three()
  expect(ids(windows)).toBe('w1 w2 w3')
  expect(model.frontOf(windows)?.part).toBe('c')
  expect(windows[1]?.rect.x).toBeGreaterThan(windows[0]?.rect.x ?? 0)
})

test('brings the one window of a part to the front, with what it is asked to show now', () => {
  const windows = open(open(open([], 'a', { path: 'x' }), 'b'), 'a', { path: 'y' })
  expect(ids(windows)).toBe('w2 w1')
  expect(model.frontOf(windows)?.target).toEqual({ path: 'y' })
  expect(model.frontOf(open(windows, 'a'))?.target).toEqual({ path: 'y' })
})

test('opens another window of a part that can have several, unless one shows the same', () => {
  const many = { isMany: true }
  const two = open(open([], 'a', { path: 'x' }, many), 'a', { path: 'y' }, many)
  expect(ids(two)).toBe('w1 w2')
  expect(ids(open(two, 'a', { path: 'x' }, many))).toBe('w2 w1')
  expect(ids(open(two, 'a', undefined, many))).toBe('w1 w2')
  expect(ids(open(two, 'a', undefined, { ...many, isNew: true }))).toBe('w1 w2 w3')
})

test('has one window for each subject, wherever in it one is asked to go', () => {
  const many = { isMany: true, subjectOf: (target: unknown) => (target as { path: string }).path }
  const two = open(open([], 'a', { path: 'x', line: 7 }, many), 'a', { path: 'y' }, many)
  const again = open(two, 'a', { path: 'x', line: 9 }, many)
  expect(ids(again)).toBe('w2 w1')
  expect(model.frontOf(again)?.target).toEqual({ path: 'x', line: 9 })
})

test('comes back from being put away, and lets the next in line be in front meanwhile', () => {
  const away = model.minimise(three(), 'w3')
  expect(model.frontOf(away)?.id).toBe('w2')
  expect(model.frontOf(model.focus(away, 'w3'))).toMatchObject({ id: 'w3', isMinimised: false })
  expect(model.frontOf(open(away, 'c'))?.id).toBe('w3')
  expect(model.frontOf(model.minimiseAll(three()))).toBeUndefined()
})

test('changes nothing, not even the list, for a window that is in front already', () => {
  const windows = three()
  expect(model.focus(windows, 'w3')).toBe(windows)
  expect(model.focus(windows, 'gone')).toBe(windows)
})

test('goes round by keyboard in the order of opening, over what is seen', () => {
  const windows = model.minimise(model.focus(three(), 'w1'), 'w2')
  expect(model.next(windows, 1)?.id).toBe('w3')
  expect(model.next(windows, -1)?.id).toBe('w3')
  expect(model.next(three(), 1)?.id).toBe('w1')
  expect(model.next([], 1)).toBeUndefined()
})

test.each([
  ['far to the left', { x: -5_000, y: 10, width: 400, height: 300 }, { x: 72 - 400, y: 10 }],
  [
    'above the top, where its title could not be reached',
    { x: 0, y: -50, width: 400, height: 300 },
    { x: 0, y: 0 },
  ],
  ['below the bottom', { x: 0, y: 9_000, width: 400, height: 300 }, { y: 700 - 72 }],
  ['larger than the desktop', { x: 0, y: 0, width: 9_000, height: 9_000 }, DESKTOP],
  ['too small to use', { x: 0, y: 0, width: 1, height: 1 }, model.SMALLEST],
])('keeps a window within reach that is %s', (_, rect, expected) => {
  expect(model.clampTo(DESKTOP, rect)).toMatchObject(expected)
})

test('halves the desktop without a gap, whatever its width, and keeps where a window was before', () => {
  const desktop = { width: 1201, height: 700 }
  const rect = { x: 5, y: 6, width: 400, height: 300 }
  const left = model.frameOf({ rect, fit: 'left' }, desktop)
  const right = model.frameOf({ rect, fit: 'right' }, desktop)
  expect(left.x + left.width).toBe(right.x)
  expect(right.x + right.width).toBe(1201)
  expect(model.frameOf({ rect, fit: 'full' }, desktop)).toEqual({ x: 0, y: 0, ...desktop })
  expect(model.frameOf({ rect, fit: 'free' }, desktop)).toEqual(rect)
})
