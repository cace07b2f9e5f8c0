/** The note pad's model, without a page: what is typed, what is saved, and how the two are merged. */
import type { NotesEvent, NotesRequest } from '../../../src/protocol.ts'
import { merge } from './merge.ts'

export interface Draft {
  base: { version: string; text: string }
  text: string
}

export type PadStatus = 'opening' | 'saved' | 'unsaved' | 'saving' | 'offline' | 'failed'

export interface PadView {
  text: string
  /** Whether the file was seen since this page is here. */
  opened: boolean
  status: PadStatus
  /** Why a save failed, in plain words. */
  failure: string | null
  /** `unsaved`: another tab changed the same lines. Otherwise the file in which its words are kept. */
  conflict: string | null
}

export interface PadModel {
  readonly view: PadView
  readonly dirty: boolean
  edit(text: string): void
  receive(event: NotesEvent): void
  setOnline(online: boolean): void
  /** Saves now instead of in a moment; also the second try after a failure. */
  flush(): void
  dismissConflict(): void
}

export interface PadModelOptions {
  /** What an earlier life of this tab did not get saved. */
  draft: Draft | null
  send: (request: NotesRequest) => boolean
  /** Called after each change; `draft` is what must outlive this tab's crash, or `null`. */
  onChange: (view: PadView, draft: Draft | null) => void
  /** A save got no answer: the connection is dead. */
  onSilence: () => void
  quietMs: number
  silenceMs: number
}

export const UNSAVED_CONFLICT = 'unsaved'

export function createPadModel(options: PadModelOptions): PadModel {
  let base = options.draft?.base ?? null
  let text = options.draft?.text ?? ''
  let online = false
  /** The save that may or may not have arrived: forgotten as soon as its outcome is known. */
  let sent: { id: number; text: string } | null = null
  let waiting = false
  let failure: string | null = null
  let conflict: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let nextId = 1

  const dirty = () => base !== null && base.text !== text
  const status = (): PadStatus => {
    if (failure !== null) return 'failed'
    if (base === null) return online ? 'opening' : 'offline'
    if (!dirty()) return online ? 'saved' : 'offline'
    return !online ? 'offline' : waiting ? 'saving' : 'unsaved'
  }
  const view = (): PadView => ({ text, opened: base !== null, status: status(), failure, conflict })
  const tell = () => options.onChange(view(), base && dirty() ? { base, text } : null)

  const settle = () => {
    waiting = false
    clearTimeout(silence)
  }

  const save = () => {
    clearTimeout(timer)
    timer = undefined
    if (!online || waiting || !base || !dirty()) return
    sent = { id: nextId++, text }
    waiting = options.send({ type: 'save', id: sent.id, base: base.version, text })
    if (waiting) silence = setTimeout(options.onSilence, options.silenceMs)
    failure = null
    tell()
  }
  const saveSoon = () => {
    timer ??= setTimeout(save, options.quietMs)
  }

  /** The file changed, or this is the first look after a connection: brings its text and ours together. */
  const meet = (theirs: { version: string; text: string }) => {
    // Our own save, whose answer got lost.
    if (sent?.text === theirs.text || base === null) {
      if (base === null) text = theirs.text
      base = theirs
      sent = null
    } else if (!dirty()) {
      base = theirs
      text = theirs.text
    } else {
      const joined = merge(base.text, text, theirs.text) ?? (sent && merge(sent.text, text, theirs.text))
      if (joined !== null) {
        base = theirs
        text = joined
        // With the old base kept, the next save makes the computer keep their text beside ours.
      } else conflict = UNSAVED_CONFLICT
    }
    if (dirty()) saveSoon()
    else failure = null
  }

  const receive = (event: NotesEvent) => {
    if (event.type === 'pad') {
      meet({ version: event.version, text: event.text })
    } else if (event.type === 'saved' && event.id === sent?.id) {
      settle()
      base = { version: event.version, text: sent.text }
      sent = null
      conflict = event.keptCopy ?? (conflict === UNSAVED_CONFLICT ? null : conflict)
      if (dirty()) saveSoon()
    } else if (event.type === 'failed') {
      settle()
      failure = event.message
    }
    tell()
  }

  return {
    get view() {
      return view()
    },
    get dirty() {
      return dirty()
    },
    receive,
    edit(next) {
      text = next
      if (dirty()) saveSoon()
      tell()
    },
    setOnline(next) {
      online = next
      settle()
      tell()
    },
    flush: save,
    dismissConflict() {
      conflict = null
      tell()
    },
  }
}
