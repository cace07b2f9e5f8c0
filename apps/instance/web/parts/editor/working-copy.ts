/**
 * What is typed, on top of the file as it was last seen; and what others did to the file meanwhile. Knows no computer:
 * what it is given to meet comes from there, what is to be saved goes there.
 */
import type { Draft, Drafts } from './drafts.ts'

export interface Version {
  /** `null`: it is not there. */
  version: string | null
  text: string
}

export interface DocumentView {
  isDirty: boolean
  isSaving: boolean
  /** Why it is not saved, in plain words. */
  failure: string | null
  /** The file as somebody else left it. */
  theirs: Version | null
  /** The file is gone, and nothing was typed. */
  isGone: boolean
  /** Whether the browser could keep what was typed. */
  isDraftKept: boolean
}

export const CLEAN: DocumentView = {
  isDirty: false,
  isSaving: false,
  failure: null,
  theirs: null,
  isGone: false,
  isDraftKept: true,
}

export interface TextBox {
  text(): string
  /** So that it can be undone. */
  replace(text: string): void
}

export interface WorkingCopyOptions {
  path: string
  drafts: Drafts
  now: () => number
  /** Calls back once nothing was typed for a moment. Returns what takes it back. */
  later: (act: () => void) => () => void
  onChange: (view: DocumentView) => void
}

export interface WorkingCopy {
  readonly base: Version
  readonly view: DocumentView
  text(): string
  show(change: Partial<DocumentView>): void
  /** Nothing is typed yet. */
  begin(base: Version): void
  attach(box: TextBox): void
  replace(text: string): void
  edited(): void
  keepDraft(): void
  /** `next` is what is there now, and it is known what that means for what is typed. */
  rebase(next: Version): void
  /** Somebody else's version meets what is typed. */
  meet(theirs: Version): void
  /** What an earlier life of the page had not saved. Whether there was anything to it. */
  restore(kept: Draft): boolean
  flush(): void
}

export function createWorkingCopy({ path, drafts, now, later, onChange }: WorkingCopyOptions): WorkingCopy {
  let base: Version = { version: null, text: '' }
  let box: TextBox = { text: () => base.text, replace: () => undefined }
  let view = CLEAN
  let endWait: () => void = () => undefined

  const show = (change: Partial<DocumentView>) => {
    view = { ...view, ...change }
    onChange(view)
  }
  const draftNow = () => ({ text: box.text(), base, at: now() })
  const keepDraft = () => {
    endWait()
    if (box.text() === base.text && !view.theirs) {
      show({ isDirty: false, failure: null })
      void drafts.remove(path)
      return
    }
    drafts.save(path, draftNow()).then(
      () => view.isDraftKept || show({ isDraftKept: true }),
      () => show({ isDraftKept: false }),
    )
  }
  const rebase = (next: Version) => {
    base = next
    const isDirty = box.text() !== next.text
    show({ isDirty, theirs: null, isGone: false })
    if (isDirty) keepDraft()
    else void drafts.remove(path)
  }

  return {
    get base() {
      return base
    },
    get view() {
      return view
    },
    text: () => box.text(),
    show,
    begin(next) {
      base = next
    },
    attach(next) {
      box = next
    },
    replace: (text) => box.replace(text),
    edited() {
      if (!view.isDirty) show({ isDirty: true })
      endWait()
      endWait = later(keepDraft)
    },
    keepDraft,
    rebase,
    meet(theirs) {
      if (theirs.version === base.version) return
      const mine = box.text()
      if (theirs.version !== null && theirs.text === mine) rebase(theirs)
      else if (mine !== base.text || view.theirs) {
        show({ theirs, isDirty: true })
        keepDraft()
      } else if (theirs.version === null) show({ isGone: true })
      else {
        base = theirs
        box.replace(theirs.text)
        show({ isDirty: false, isGone: false, failure: null })
      }
    },
    restore(kept) {
      if (kept.text === base.text) {
        void drafts.remove(path)
        return false
      }
      const theirs = base
      const isSame = kept.base.version === theirs.version || kept.base.text === theirs.text
      if (!isSame) base = kept.base
      show({ isDirty: true, ...(isSame ? {} : { theirs }) })
      return true
    },
    flush() {
      endWait()
      if (!view.isDirty) return
      drafts.saveNow(path, draftNow())
      keepDraft()
    },
  }
}
