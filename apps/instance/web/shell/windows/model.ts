/** The windows, from the rearmost to the one in front, and what can be done with them. Pure: no page, no clock. */
import type { Intent, PartId } from '../part.ts'

export interface Rect {
  x: number
  y: number
  width: number
  height: number
}

/** `free`: where it was put. The others follow the size of the desktop. */
export type Fit = 'free' | 'left' | 'right' | 'full'

export interface Win {
  id: string
  part: PartId
  target: unknown
  /** In CSS pixels from the desktop's corner; kept while another fit is in force. */
  rect: Rect
  fit: Fit
  isMinimised: boolean
}

export type Windows = readonly Win[]

export interface Size {
  width: number
  height: number
}

export const SMALLEST: Size = { width: 320, height: 220 }
/** How much of a window stays in reach on every side. */
const IN_REACH = 72
const STEP = 32

/** The window in front, of those that are seen. */
export const frontOf = (windows: Windows): Win | undefined => windows.findLast((win) => !win.isMinimised)

export const change = (windows: Windows, id: string, values: Partial<Omit<Win, 'id'>>): Windows =>
  windows.map((win) => (win.id === id ? { ...win, ...values } : win))

/** Brings to the front, and back if it was minimised. */
export function focus(windows: Windows, id: string): Windows {
  const win = windows.find((each) => each.id === id)
  if (!win || frontOf(windows) === win) return windows
  return [...windows.filter((each) => each !== win), { ...win, isMinimised: false }]
}

export const close = (windows: Windows, id: string): Windows => windows.filter((win) => win.id !== id)

/** To the back as well, so that the next one in line is in front. */
export function minimise(windows: Windows, id: string): Windows {
  const win = windows.find((each) => each.id === id)
  if (!win) return windows
  return [{ ...win, isMinimised: true }, ...windows.filter((each) => each !== win)]
}

export interface OpenOptions {
  intent: Intent
  /** Whether the part can have several windows. */
  isMany: boolean
  /** What of a target tells windows of this part apart. */
  subjectOf?: (target: unknown) => unknown
  /** Another window, even where one shows the same. */
  isNew?: boolean
  desktop: Size
  size: Size
}

/**
 * Brings a window to the front that shows what is asked for, or opens one. Without a target any window of the part will
 * do; a part of which there is one gets the new target.
 */
export function open(
  windows: Windows,
  { intent, isMany, subjectOf = (all) => all, isNew = false, desktop, size }: OpenOptions,
): Windows {
  const { part, target } = intent
  const shows = (win: Win) =>
    win.part === part && (!isMany || target === undefined || isSame(subjectOf(win.target), subjectOf(target)))
  const found = isNew && isMany ? undefined : windows.findLast(shows)
  if (found) {
    const aimed = target === undefined ? windows : change(windows, found.id, { target })
    return focus(aimed, found.id)
  }
  const rect = placeFor(windows, desktop, size)
  return [
    ...windows,
    { id: nextId(windows), part, target: target ?? null, rect, fit: 'free', isMinimised: false },
  ]
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

const nextId = (windows: Windows): string =>
  `w${Math.max(0, ...windows.map((win) => Number(win.id.slice(1)) || 0)) + 1}`

/** Each new window a step from the last, and from the top again where there is no room. */
function placeFor(windows: Windows, desktop: Size, size: Size): Rect {
  const width = Math.min(size.width, desktop.width - STEP)
  const height = Math.min(size.height, desktop.height - STEP)
  const [left, top] = [Math.max(0, (desktop.width - width) / 2), Math.max(0, (desktop.height - height) / 2)]
  const shift = ((windows.length % 5) - 2) * STEP
  return clampTo(desktop, { x: Math.round(left + shift), y: Math.round(top + shift / 2), width, height })
}

/** All put away: the desktop is seen. */
export const minimiseAll = (windows: Windows): Windows =>
  windows.map((win) => (win.isMinimised ? win : { ...win, isMinimised: true }))

/** The next window for the keyboard, in the order in which they were opened. */
export function next(windows: Windows, step: 1 | -1): Win | undefined {
  const inOrder = windows
    .filter((win) => !win.isMinimised)
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
  const front = frontOf(windows)
  const at = front ? inOrder.indexOf(front) : -1
  return inOrder[(at + step + inOrder.length) % inOrder.length]
}

/** Keeps a window within reach: its title never leaves at the top, and a hand's breadth of it stays at each side. */
export function clampTo(desktop: Size, rect: Rect): Rect {
  const width = Math.max(SMALLEST.width, Math.min(rect.width, desktop.width))
  const height = Math.max(SMALLEST.height, Math.min(rect.height, desktop.height))
  const x = Math.min(Math.max(rect.x, IN_REACH - width), desktop.width - IN_REACH)
  const y = Math.min(Math.max(rect.y, 0), Math.max(0, desktop.height - IN_REACH))
  return { x, y, width, height }
}

/** Where a window is drawn on a desktop of this size. */
export function frameOf({ rect, fit }: Pick<Win, 'rect' | 'fit'>, desktop: Size): Rect {
  const half = Math.floor(desktop.width / 2)
  if (fit === 'full') return { x: 0, y: 0, ...desktop }
  if (fit === 'left') return { x: 0, y: 0, width: half, height: desktop.height }
  if (fit === 'right') return { x: half, y: 0, width: desktop.width - half, height: desktop.height }
  return clampTo(desktop, rect)
}
