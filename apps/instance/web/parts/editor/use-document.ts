/** A file and its editor, for as long as its window is there. */
import { type RefObject, useEffect, useRef, useState } from 'react'
import { pulse } from '../../shell/connection/pulse.ts'
import { homeMayHaveChanged } from '../../shell/home-changes.ts'
import { watchPath } from '../files/client/changes.ts'
import { files } from '../files/client/files.ts'
import { nameOf } from '../files/model/path.ts'
import { type CodeEditor, openEditor } from './code-mirror.ts'
import { createDocument, type Document, type Loaded } from './document.ts'
import { createDrafts } from './drafts.ts'
import type { EditorTarget } from './target.ts'
import { CLEAN, type DocumentView } from './working-copy.ts'

const drafts = createDrafts()
const TYPING_MS = 300
const RETRY_MS = 10_000

export interface OpenDocument {
  document: Document
  editor: CodeEditor | null
  loaded: Loaded | null
  view: DocumentView
  cursor: { line: number; column: number }
}

export interface UseDocumentOptions {
  path: string
  /** Where it opens. */
  at: EditorTarget
  isViewer: boolean
  isWrapping: boolean
  /** Whether its window is in front. */
  isActive: boolean
  place: RefObject<HTMLDivElement | null>
  /** Somebody went to another place in it. */
  onMove: () => void
}

/** `null` for one frame. `again` loads it anew. */
export function useDocument(options: UseDocumentOptions) {
  const { path, at, isViewer, isWrapping, isActive, place, onMove } = options
  const [open, setOpen] = useState<OpenDocument | null>(null)
  const [times, setTimes] = useState(0)
  const wrapping = useRef(isWrapping)
  wrapping.current = isWrapping

  // biome-ignore lint/correctness/useExhaustiveDependencies: `at` is where it opens, and `times` opens it again.
  useEffect(() => {
    const { document, end } = start({ path, isViewer, setOpen })
    const controller = { isOver: false, editor: null as CodeEditor | null }
    void document.load().then((loaded) => {
      if (controller.isOver || !place.current) return
      if ('text' in loaded) {
        const editor = openEditor({
          ...{ parent: place.current, name: nameOf(path), text: loaded.text, lineBreak: loaded.lineBreak },
          ...{ isReadOnly: loaded.readOnly !== null, isWrapping: wrapping.current, label: nameOf(path) },
          onEdit: document.edited,
          onSave: () => void document.save().then(homeMayHaveChanged),
          onCursor: (cursor) => setOpen((so) => so && { ...so, cursor }),
          onMove,
        })
        controller.editor = editor
        document.attach(editor)
        editor.goTo(at)
      }
      setOpen((so) => so && { ...so, loaded, editor: controller.editor })
    })
    return () => {
      controller.isOver = true
      end()
      controller.editor?.end()
    }
  }, [path, isViewer, place, times])
  useEffect(() => open?.editor?.setWrapping(isWrapping), [open?.editor, isWrapping])
  // Only now it is to be seen, and can have the focus: that would bring a window to the front that lies behind others.
  useEffect(() => {
    if (!isActive || place.current?.contains(globalThis.document.activeElement)) return
    if (matchMedia('(pointer: fine)').matches) open?.editor?.focus()
  }, [open?.editor, isActive, place])
  return { open, again: () => setTimes((count) => count + 1) }
}

interface StartOptions {
  path: string
  isViewer: boolean
  setOpen: (change: (so: OpenDocument | null) => OpenDocument | null) => void
}

function start({ path, isViewer, setOpen }: StartOptions) {
  const document = createDocument({
    ...{ path, isViewer, api: files, drafts, now: Date.now },
    later(act) {
      const timer = setTimeout(act, TYPING_MS)
      return () => clearTimeout(timer)
    },
    onChange: (view) => setOpen((so) => so && { ...so, view }),
  })
  setOpen(() => ({ document, editor: null, loaded: null, view: CLEAN, cursor: { line: 1, column: 1 } }))
  const look = () => void document.look()
  const leave = () => globalThis.document.hidden && document.flush()
  const endWatch = watchPath(path, look)
  // Only while somebody is here: each request is use of the computer, and would keep it awake.
  const retry = setInterval(() => pulse.get() === 'open' && void document.retry(), RETRY_MS)
  window.addEventListener('online', look)
  window.addEventListener('pagehide', document.flush)
  globalThis.document.addEventListener('visibilitychange', leave)
  return {
    document,
    end() {
      endWatch()
      clearInterval(retry)
      window.removeEventListener('online', look)
      window.removeEventListener('pagehide', document.flush)
      globalThis.document.removeEventListener('visibilitychange', leave)
      document.flush()
    },
  }
}
