/** Shows the note pad and keeps what is unsaved in this tab's own storage. */
import { find } from './dom.ts'
import { moveCaret } from './merge.ts'
import {
  createPadModel,
  type Draft,
  type PadModel,
  type PadModelOptions,
  type PadView,
  UNSAVED_CONFLICT,
} from './pad-model.ts'

const DRAFT_KEY = 'mos-pad-draft'

const STATES: Record<PadView['status'], { text: string; tone: string }> = {
  opening: { text: 'Opening', tone: 'quiet' },
  saved: { text: 'Saved', tone: 'good' },
  unsaved: { text: 'Unsaved', tone: 'busy' },
  saving: { text: 'Saving', tone: 'busy' },
  offline: { text: 'Offline', tone: 'quiet' },
  failed: { text: 'Not saved', tone: 'bad' },
}

export function showPad(options: Pick<PadModelOptions, 'send' | 'onSilence'>): PadModel {
  const area = find('pad-text', HTMLTextAreaElement)
  const state = find('pad-state', HTMLElement)
  const notice = find('pad-notice', HTMLElement)
  const [words, button] = [notice.querySelector('p'), notice.querySelector('button')]

  const show = (view: PadView, draft: Draft | null) => {
    if (draft) sessionStorage.setItem(DRAFT_KEY, JSON.stringify(draft))
    else sessionStorage.removeItem(DRAFT_KEY)
    // Before the first look at the file there is nothing that a keystroke could change.
    area.disabled &&= !view.opened && !draft
    // A text area knows one kind of line end.
    const shown = view.text.replace(/\r\n?/g, '\n')
    if (area.value !== shown) replaceText(area, shown)
    const { text, tone } = STATES[view.status]
    state.textContent = view.status === 'offline' && draft ? 'Offline, kept in this tab' : text
    state.dataset.tone = tone
    const problem = problemOf(view)
    notice.hidden = problem === null
    notice.dataset.tone = view.failure === null ? 'calm' : 'bad'
    if (words) words.textContent = problem?.words ?? ''
    if (button) button.textContent = problem?.action ?? ''
  }

  const model = createPadModel({
    ...options,
    draft: storedDraft(),
    onChange: show,
    quietMs: 400,
    silenceMs: 10_000,
  })
  area.addEventListener('input', () => model.edit(area.value))
  area.addEventListener('blur', () => model.flush())
  button?.addEventListener('click', () => {
    if (model.view.failure !== null) model.flush()
    else model.dismissConflict()
    area.focus()
  })
  window.addEventListener('beforeunload', (event) => {
    model.flush()
    if (model.dirty) event.preventDefault()
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 's' || !(event.metaKey || event.ctrlKey)) return
    event.preventDefault()
    model.flush()
  })
  return model
}

function problemOf(view: PadView): { words: string; action: string } | null {
  if (view.failure !== null) return { words: view.failure, action: 'Try again' }
  if (view.conflict === null) return null
  const words =
    view.conflict === UNSAVED_CONFLICT
      ? 'Another window changed the same lines. Yours are being saved, theirs will be kept beside them.'
      : `Another window had changed the same lines. Yours are saved; theirs are in ${view.conflict}.`
  return { words, action: 'OK' }
}

function replaceText(area: HTMLTextAreaElement, text: string): void {
  const [start, end] = [area.selectionStart, area.selectionEnd].map((at) => moveCaret(at, area.value, text))
  const scroll = area.scrollTop
  area.value = text
  if (document.activeElement === area) area.setSelectionRange(start ?? 0, end ?? 0)
  area.scrollTop = scroll
}

function storedDraft(): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(DRAFT_KEY) ?? 'null')
  } catch {
    return null
  }
}
