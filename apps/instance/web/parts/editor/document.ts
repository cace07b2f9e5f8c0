/**
 * One file in the editor, without the editor: what it was when it was read, what is typed, and what others did to it
 * meanwhile. Nothing that was typed is ever given up without its person saying so.
 */

import type { FilesApi } from '../files/client/files.ts'
import { FilesError, wordsOf } from '../files/client/problem.ts'
import { type Decoded, decode, lineBreakOf } from './decode.ts'
import { createWorkingCopy, type TextBox, type Version, type WorkingCopyOptions } from './working-copy.ts'

/** Larger files are read, not written. */
const EDITED_AT_MOST = 2 * 1024 * 1024
/** Of larger files still, the beginning is shown. */
const SHOWN_AT_MOST = 8 * 1024 * 1024

export type Refusal = 'binary' | 'folder' | 'gone' | 'failed'

export type Loaded =
  | { text: string; lineBreak: '\n' | '\r\n'; readOnly: string | null; isRestored: boolean }
  | { refused: Refusal; message: string }

export interface DocumentOptions extends WorkingCopyOptions {
  isViewer: boolean
  api: Pick<FilesApi, 'stat' | 'read' | 'write'>
}

export interface Document {
  load(): Promise<Loaded>
  attach(box: TextBox): void
  edited(): void
  save(): Promise<void>
  /** The file may have changed, or the connection is back. */
  look(): Promise<void>
  /** Saves what was to be saved and could not be; nothing where there is no such thing. */
  retry(): Promise<void>
  /** Mine goes over theirs, or beside it where theirs is gone. */
  keepMine(): Promise<void>
  takeTheirs(): void
  /** What is typed goes, and can come back by undoing. */
  discard(): void
  /** The page goes, or the window is closed. */
  flush(): void
}

/** The disk has no room, until somebody makes some. */
const FULL = 507

const FOR_VIEWERS = 'You are a viewer here. Only the owner can change anything.'
const KEPT = 'What you typed is kept in this browser.'

export function createDocument(options: DocumentOptions): Document {
  const { path, api, drafts } = options
  const copy = createWorkingCopy(options)
  const { show } = copy
  let isReadOnly = false
  let isLookNeeded = false
  /** Asked for and not done, for want of a connection or of room on the disk. */
  let isSaveOwed = false
  /** What was sent, and whether it arrived nobody knows. */
  let unanswered: string | null = null

  const notSaved = (error: unknown) => {
    isSaveOwed = error instanceof FilesError && (error.isPassing || error.status === FULL)
    show({ failure: `${wordsOf(error)} ${KEPT}`, isDirty: true })
    copy.keepDraft()
  }
  const meet = (theirs: Version) => {
    const isOwn = theirs.version !== null && theirs.text === unanswered
    unanswered = null
    if (!isOwn) return copy.meet(theirs)
    // Its own text, which had arrived after all: what was typed since goes on from there.
    copy.rebase(theirs)
    isSaveOwed = isLookNeeded = copy.view.isDirty
  }
  const write = async (text: string, over: string | null) => {
    show({ isSaving: true, failure: null })
    isSaveOwed = false
    try {
      const { version } = await api.write(path, text, over)
      unanswered = null
      copy.rebase({ version, text })
    } catch (error) {
      if (error instanceof FilesError && error.status === 412)
        await readVersion(path, api).then(meet, notSaved)
      else {
        if (error instanceof FilesError && error.isPassing) unanswered = text
        notSaved(error)
      }
    } finally {
      show({ isSaving: false })
      if (isLookNeeded) void look()
    }
  }
  const look = async () => {
    isLookNeeded = copy.view.isSaving
    if (copy.view.isSaving || isReadOnly) return
    if (isSaveOwed) return write(copy.text(), copy.base.version)
    try {
      const { version } = await api.stat(path)
      if (version === copy.base.version || version === copy.view.theirs?.version) return
      meet(await readVersion(path, api))
    } catch (error) {
      // Without an answer, nothing is known; the next save will say so.
      if (error instanceof FilesError && error.status === 404 && copy.base.version !== null)
        copy.meet({ version: null, text: '' })
    }
  }

  /** Of a file that is gone, what was typed and not saved. */
  const loadDraft = async (): Promise<Loaded | null> => {
    const kept = options.isViewer ? null : await drafts.load(path)
    copy.begin({ version: null, text: '' })
    if (!kept || !copy.restore(kept)) return null
    return { text: kept.text, lineBreak: lineBreakOf(kept.text), readOnly: null, isRestored: true }
  }

  return {
    async load() {
      const read = await readWhole(path, api)
      if ('refused' in read) return (read.refused === 'gone' && (await loadDraft())) || read
      const { decoded, version } = read
      copy.begin({ version, text: decoded.text })
      const readOnly = options.isViewer ? FOR_VIEWERS : read.readOnly
      isReadOnly = readOnly !== null
      const kept = isReadOnly ? null : await drafts.load(path)
      const isRestored = kept !== null && copy.restore(kept)
      const text = isRestored ? kept.text : decoded.text
      return { text, lineBreak: decoded.lineBreak, readOnly, isRestored }
    },
    attach: copy.attach,
    edited() {
      if (!isReadOnly) copy.edited()
    },
    async save() {
      const { base, view } = copy
      if (isReadOnly || view.isSaving || view.theirs) return
      const text = copy.text()
      if (text === base.text && base.version !== null && !view.isGone) return copy.keepDraft()
      await write(text, view.isGone ? null : base.version)
    },
    look,
    retry: async () => {
      if (isSaveOwed) await look()
    },
    keepMine: async () => {
      const { theirs } = copy.view
      if (theirs) await write(copy.text(), theirs.version)
    },
    takeTheirs() {
      const { theirs } = copy.view
      if (!theirs) return
      copy.replace(theirs.text)
      copy.rebase(theirs)
    },
    discard() {
      copy.replace(copy.base.text)
      copy.keepDraft()
    },
    flush: copy.flush,
  }
}

/** As it is now, gone or not. */
async function readVersion(path: string, api: DocumentOptions['api']): Promise<Version> {
  try {
    const { bytes, version } = await api.read(path, SHOWN_AT_MOST)
    // What is no text any more cannot be compared with text.
    return { version, text: decode(bytes, true)?.text ?? '' }
  } catch (error) {
    if (error instanceof FilesError && error.status === 404) return { version: null, text: '' }
    throw error
  }
}

type Whole =
  | { decoded: Decoded; version: string; readOnly: string | null }
  | { refused: Refusal; message: string }

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
