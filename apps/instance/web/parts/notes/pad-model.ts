/** The note pad's model, without a page: what is typed, what is saved, and how the two are merged. */
import { type NotesEvent, type NotesRequest, PAD_LIMIT } from '../../../src/protocol.ts'
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
  /** Saves now instead of in a moment. */
  flush(): void
  /** After a failure, because a person wants it. */
  tryAgain(): void
  dismissConflict(): void
}

export interface PadModelOptions {
  /** What an earlier life of this tab did not get saved. */
  draft: Draft | null
  send: (request: NotesRequest) => boolean
  /** Called after each change; `draft` is what must outlive this tab's crash, or `null`. Must not throw. */
  onChange: (view: PadView, draft: Draft | null) => void
  /** A save got no answer: the connection is dead. */
  onSilence: () => void
  quietMs: number
  silenceMs: number
  /** After a failure, until it is tried again by itself: the disk may have room by then. */
  retryMs: number
}

export const UNSAVED_CONFLICT = 'unsaved'

const TOO_LONG = `The note pad holds up to ${PAD_LIMIT.toLocaleString('en')} characters. Move some of this to its own file.`

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
  let retry: ReturnType<typeof setTimeout> | undefined
  let nextId = 1

  const dirty = () => base !== null && base.text !== text
  const status = (): PadStatus => {
    if (failure !== null) return online ? 'failed' : 'offline'
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
    clearTimeout(retry)
    if (!online || waiting || !base || !dirty()) return
    // A message of any length would not even arrive.
    if (text.length > PAD_LIMIT) {
      failure = TOO_LONG
      return tell()
    }
    sent = { id: nextId++, text }
    waiting = options.send({ type: 'save', id: sent.id, base: base.version, text })
    if (waiting) silence = setTimeout(options.onSilence, options.silenceMs)
    // What was wrong is wrong until this is saved.
    tell()
  }
  const saveSoon = () => {
    timer ??= setTimeout(save, options.quietMs)
  }

  /** A file that could not be read is looked at anew with a new connection. */
  const tryAgain = () => {
    if (base !== null) save()
    else if (online && failure !== null) options.onSilence()
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
      failure = null
      conflict = event.keptCopy ?? (conflict === UNSAVED_CONFLICT ? null : conflict)
      if (dirty()) saveSoon()
    } else if (event.type === 'failed') {
      settle()
      failure = event.message
      clearTimeout(retry)
      retry = setTimeout(save, options.retryMs)
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
    tryAgain,
    dismissConflict() {
      conflict = null
      tell()
    },
  }
}
