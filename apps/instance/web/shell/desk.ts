/** The windows of this page, and the one way to open, close and arrange them. */
import type { Intent } from './part.ts'
import { findPart } from './parts.ts'
import { createStore } from './store.ts'
import * as model from './windows/model.ts'

const USUAL_SIZE = { width: 880, height: 580 }

export const windows = createStore<model.Windows>([])
/** Size of the surface that windows lie on, measured by whoever draws it. */
export const desktop = createStore<model.Size>({ width: 1280, height: 720 })

/** A part that this computer does not have is not opened. */
export function openPart(intent: Intent, options: Pick<model.OpenOptions, 'isNew'> = {}): void {
  const part = findPart(intent.part)
  if (!part) return
  const { isMany, subjectOf } = part
  windows.update((all) =>
    model.open(all, {
      ...{ intent, isMany, desktop: desktop.get(), size: USUAL_SIZE, ...options },
      ...(subjectOf && { subjectOf }),
    }),
  )
}

/** What each window calls itself now; one that has not said so goes by its part. */
export const titles = createStore<Readonly<Record<string, string>>>({})
export const setWindowTitle = (id: string, title: string): void =>
  titles.update((all) => (all[id] === title ? all : { ...all, [id]: title }))
export const titleOf = (all: Readonly<Record<string, string>>, win: model.Win): string =>
  all[win.id] ?? findPart(win.part)?.title ?? win.part

export const focusWindow = (id: string): void => windows.update((all) => model.focus(all, id))
export const minimiseWindow = (id: string): void => windows.update((all) => model.minimise(all, id))
export const minimiseAll = (): void => windows.update(model.minimiseAll)
export function tileFront(fit: model.Fit): void {
  const front = model.frontOf(windows.get())
  if (front) changeWindow(front.id, { fit })
}
/** The next window, in the order in which they were opened; `null`: there is none. */
export function focusNext(step: 1 | -1): string | null {
  const next = model.next(windows.get(), step)
  if (next) focusWindow(next.id)
  return next?.id ?? null
}
export const changeWindow = (id: string, values: Partial<Omit<model.Win, 'id'>>): void =>
  windows.update((all) => model.change(all, id, values))

const questions = new Map<string, () => string | null>()

/** What a part asks before its window closes. */
export const askBeforeClose = (id: string, ask: () => string | null): void => void questions.set(id, ask)

/** The sentence to confirm by, if any. */
export const questionOf = (id: string): string | null => questions.get(id)?.() ?? null

export function closeWindow(id: string): void {
  questions.delete(id)
  titles.update(({ [id]: _, ...rest }) => rest)
  windows.update((all) => model.close(all, id))
}
