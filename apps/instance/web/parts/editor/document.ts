/**
 * One file in the editor, without the editor: what it was when it was read, what is typed, and what others did to it
 * meanwhile. Nothing that was typed is ever given up without its person saying so.
 */
import { FilesError, wordsOf } from '../files/client/problem.ts'
import type { FilesApi } from '../files/client/files.ts'
import { type Decoded, decode } from './decode.ts'
import type { Drafts } from './drafts.ts'

/** Larger files are read, not written. */
export const EDITED_AT_MOST = 2 * 1024 * 1024
/** Of larger files still, the beginning is shown. */
export const SHOWN_AT_MOST = 8 * 1024 * 1024

export interface Version {
  /** `null`: it is not there. */
  version: string | null
  text: string
}

export type Refusal = 'binary' | 'folder' | 'gone' | 'failed'

export type Loaded =
  | { text: string; lineBreak: '\n' | '\r\n'; readOnly: string | null; isRestored: boolean }
  | { refused: Refusal; message: string }

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

export interface TextBox {
  text(): string
  /** So that it can be undone. */
  replace(text: string): void
}

export interface DocumentOptions {
  path: string
  isViewer: boolean
  api: Pick<FilesApi, 'stat' | 'read' | 'write'>
  drafts: Drafts
  now: () => number
  /** Calls back once nothing was typed for a moment. Returns what takes it back. */
  later: (act: () => void) => () => void
  onChange: (view: DocumentView) => void
}

export interface Document {
  load(): Promise<Loaded>
  attach(box: TextBox): void
  edited(): void
  save(): Promise<void>
  /** The file may have changed, or the connection is back. */
  look(): Promise<void>
  /** Mine goes over theirs, or beside it where theirs is gone. */
  keepMine(): Promise<void>
  takeTheirs(): void
  /** After comparing: what both come to, to be saved over theirs. */
  keepMerged(text: string): Promise<void>
  /** The page goes, or the window is closed. */
  flush(): void
}

const KEPT = 'What you typed is kept in this browser.'

export function createDocument(options: DocumentOptions): Document {
  const { path, api, drafts, now, later, onChange } = options
  let base: Version = { version: null, text: '' }
  let box: TextBox = { text: () => base.text, replace: () => undefined }
  let view: DocumentView = {
    ...{ isDirty: false, isSaving: false, failure: null, theirs: null, isGone: false, isDraftKept: true },
  }
  let isReadOnly = false
  let isLookNeeded = false
  /** Asked for and not done, for want of a connection. */
  let isSaveOwed = false
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

  const fetchVersion = async (): Promise<Version | null> => {
    try {
      const { bytes, version } = await api.read(path, SHOWN_AT_MOST)
      // What is no text any more cannot be compared with text.
      return { version, text: decode(bytes, true)?.text ?? '' }
    } catch (error) {
      if (error instanceof FilesError && error.status === 404) return { version: null, text: '' }
      throw error
    }
  }
  const rebase = (next: Version) => {
    base = next
    const isDirty = box.text() !== next.text
    show({ isDirty, theirs: null, isGone: false })
    if (isDirty) keepDraft()
    else void drafts.remove(path)
  }
  /** Somebody else's version meets ours. */
  const meet = (theirs: Version) => {
    if (theirs.version === base.version) return
    const mine = box.text()
    if (theirs.version !== null && theirs.text === mine) return rebase(theirs)
    if (mine !== base.text || view.theirs) {
      show({ theirs, isDirty: true })
      return keepDraft()
    }
    if (theirs.version === null) return show({ isGone: true })
    base = theirs
    box.replace(theirs.text)
    show({ isDirty: false, isGone: false, failure: null })
  }

  const write = async (text: string, over: string | null) => {
    show({ isSaving: true, failure: null })
    isSaveOwed = false
    try {
      const { version } = await api.write(path, text, over)
      rebase({ version, text })
    } catch (error) {
      if (error instanceof FilesError && error.status === 412) await conflict()
      else {
        isSaveOwed = error instanceof FilesError && error.isPassing
        show({ failure: `${wordsOf(error)} ${KEPT}`, isDirty: true })
        keepDraft()
      }
    } finally {
      show({ isSaving: false })
      if (isLookNeeded) void look()
    }
  }
  const conflict = async () => {
    try {
      const theirs = await fetchVersion()
      if (theirs) meet(theirs)
    } catch (error) {
      isSaveOwed = true
      show({ failure: `${wordsOf(error)} ${KEPT}` })
    }
  }
  const look = async () => {
    isLookNeeded = view.isSaving
    if (view.isSaving || isReadOnly) return
    if (isSaveOwed) return write(box.text(), base.version)
    try {
      const { version } = await api.stat(path)
      if (version === base.version || version === view.theirs?.version) return
      await conflict()
    } catch (error) {
      if (!(error instanceof FilesError && error.status === 404)) return
      if (base.version !== null) meet({ version: null, text: '' })
    }
  }

  return {
    async load() {
      const read = await readWhole(path, api)
      if ('refused' in read) return read
      const { decoded, version, readOnly } = read
      base = { version, text: decoded.text }
      const shown = options.isViewer ? 'You are a viewer here. Only the owner can change anything.' : readOnly
      isReadOnly = shown !== null
      const kept = isReadOnly ? null : await drafts.load(path)
      const isRestored = kept !== null && kept.text !== base.text
      if (kept && !isRestored) void drafts.remove(path)
      if (isRestored) {
        const isSame = kept.base.version === version || kept.base.text === base.text
        if (!isSame) {
          const theirs = base
          base = kept.base
          show({ theirs })
        }
        show({ isDirty: true })
      }
      const text = isRestored ? kept.text : base.text
      return { text, lineBreak: decoded.lineBreak, readOnly: shown, isRestored }
    },
    attach(next) {
      box = next
    },
    edited() {
      if (isReadOnly) return
      if (!view.isDirty) show({ isDirty: true })
      endWait()
      endWait = later(keepDraft)
    },
    async save() {
      if (isReadOnly || view.isSaving || view.theirs) return
      const text = box.text()
      if (text === base.text && base.version !== null && !view.isGone) return keepDraft()
      await write(text, view.isGone ? null : base.version)
    },
    look,
    keepMine: async () => {
      if (view.theirs) await write(box.text(), view.theirs.version)
    },
    takeTheirs() {
      const { theirs } = view
      if (!theirs) return
      base = theirs
      box.replace(theirs.text)
      rebase(theirs)
    },
    async keepMerged(text) {
      const { theirs } = view
      if (!theirs) return
      box.replace(text)
      await write(text, theirs.version)
    },
    flush() {
      endWait()
      if (!view.isDirty) return
      drafts.saveNow(path, draftNow())
      keepDraft()
    },
  }
}

type Whole = { decoded: Decoded; version: string; readOnly: string | null } | { refused: Refusal; message: string }

async function readWhole(path: string, api: DocumentOptions['api']): Promise<Whole> {
  try {
    const { kind, leadsTo, size } = await api.stat(path)
    if (kind === 'folder' || leadsTo === 'folder') return { refused: 'folder', message: 'That is a folder.' }
    const { bytes, version } = await api.read(path, SHOWN_AT_MOST)
    const isWhole = bytes.length >= size
    const decoded = decode(bytes, isWhole)
    if (!decoded) return { refused: 'binary', message: 'This is no text, so I can’t show it here.' }
    return { decoded, version, readOnly: readOnlyReason(decoded, bytes.length, isWhole) }
  } catch (error) {
    const isGone = error instanceof FilesError && error.status === 404
    return isGone
      ? { refused: 'gone', message: 'There is no such file any more.' }
      : { refused: 'failed', message: wordsOf(error) }
  }
}

function readOnlyReason({ isUtf8 }: Decoded, size: number, isWhole: boolean): string | null {
  if (!isWhole) return 'A large file: this is its beginning, to read only.'
  if (size > EDITED_AT_MOST) return 'A large file, to read only. Change it in the terminal.'
  return isUtf8 ? null : 'Not UTF-8, so I only show it: saving would change letters that I can’t read.'
}
