/**
 * The page's one note pad: its model, its connection, and the draft that outlives a crash of this tab. It stays when its
 * window closes, so that what was typed last still arrives.
 */
import { NOTES_PATH, type NotesEvent } from '../../../src/protocol.ts'
import { openLink } from '../../shell/connection/links.ts'
import { createStore, type Store } from '../../shell/store.ts'
import { createPadModel, type Draft, type PadModel, type PadView } from './pad-model.ts'

const DRAFT_KEY = 'mos-pad-draft'
const QUIET_MS = 400
const SILENCE_MS = 10_000
const RETRY_MS = 10_000

export interface Pad {
  model: PadModel
  /** `isAtRisk`: what is not saved is too long for this tab to keep. */
  view: Store<PadView & { hasDraft: boolean; isAtRisk: boolean }>
}

let pad: Pad | null = null

export function openPad(): Pad {
  pad ??= createPad()
  return pad
}

function createPad(): Pad {
  const draft = storedDraft()
  const model = createPadModel({
    draft,
    send: (request) => link.send(request),
    onSilence: () => link.restart(),
    onChange: (next, unsaved) => {
      const isKept = keepDraft(unsaved)
      view.set({ ...next, hasDraft: unsaved !== null && isKept, isAtRisk: !isKept })
    },
    quietMs: QUIET_MS,
    silenceMs: SILENCE_MS,
    retryMs: RETRY_MS,
  })
  const view = createStore({ ...model.view, hasDraft: draft !== null, isAtRisk: false })
  const link = openLink({
    path: () => NOTES_PATH,
    isNeeded: () => model.dirty,
    onMessage: (event) => model.receive(event as NotesEvent),
    // What connects for the first time is not offline, and what reconnects is known to be.
    onState: (state) => state !== 'connecting' && model.setOnline(state === 'open'),
  })
  window.addEventListener('beforeunload', (event) => {
    model.flush()
    if (model.dirty) event.preventDefault()
  })
  document.addEventListener('visibilitychange', () => document.hidden && model.flush())
  return { model, view }
}

/** Whether this tab has it now. */
function keepDraft(draft: Draft | null): boolean {
  try {
    if (draft) sessionStorage.setItem(DRAFT_KEY, JSON.stringify(draft))
    else sessionStorage.removeItem(DRAFT_KEY)
    return true
  } catch {
    // Too large for a tab, or a browser that keeps nothing.
    return false
  }
}

function storedDraft(): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(DRAFT_KEY) ?? 'null')
  } catch {
    return null
  }
}
