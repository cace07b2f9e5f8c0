/** The note pad: saved as it is typed, in `notes/pad.md`. */
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import type { PartProps } from '../../shell/part.ts'
import { useStore } from '../../shell/store.ts'
import { moveCaret } from './merge.ts'
import { openPad, type Pad } from './pad.ts'
import { type PadView, UNSAVED_CONFLICT } from './pad-model.ts'
import './notes.css'

const STATES: Record<PadView['status'], { text: string; tone: string }> = {
  opening: { text: 'Opening', tone: 'quiet' },
  saved: { text: 'Saved', tone: 'good' },
  unsaved: { text: 'Unsaved', tone: 'busy' },
  saving: { text: 'Saving', tone: 'busy' },
  offline: { text: 'Offline', tone: 'quiet' },
  failed: { text: 'Not saved', tone: 'bad' },
}

export default function Notes({ me, isActive }: PartProps) {
  if (me.viewer && !me.viewer.canUseNotes) return <PrivatePad />
  return <OwnPad isActive={isActive} pad={openPad()} />
}

const PrivatePad = () => (
  <div className="pad">
    <textarea
      id="pad-text"
      aria-label="Note pad"
      placeholder="The owner keeps the note pad to themselves."
      disabled
    />
    <State text="Private" tone="quiet" />
  </div>
)

const State = ({ text, tone }: { text: string; tone: string }) => (
  <p className="pad-state">
    <span id="pad-state" role="status" data-tone={tone}>
      {text}
    </span>
    <code>notes/pad.md</code>
  </p>
)

function OwnPad({ pad: { model, view }, isActive }: { pad: Pad; isActive: boolean }) {
  const area = useRef<HTMLTextAreaElement>(null)
  const now = useStore(view)
  // A text area knows one kind of line end.
  useShownText(area, now.text.replace(/\r\n?/g, '\n'))
  // Before the first look at the file there is nothing that a keystroke could change.
  const isReady = now.opened || now.hasDraft
  useEffect(() => {
    if (isActive && isReady && matchMedia('(pointer: fine)').matches) {
      area.current?.focus({ preventScroll: true })
    }
  }, [isActive, isReady])
  useEffect(() => () => model.flush(), [model])
  const { text, tone } = STATES[now.status]
  const problem = problemOf(now)
  return (
    <div className="pad">
      {problem && (
        <div className="notice" role="alert" data-tone={now.failure === null ? 'calm' : 'bad'}>
          <p>{problem.words}</p>
          <button
            type="button"
            onClick={() => {
              if (now.failure !== null) model.tryAgain()
              else model.dismissConflict()
              area.current?.focus()
            }}
          >
            {problem.action}
          </button>
        </div>
      )}
      <textarea
        id="pad-text"
        ref={area}
        aria-label="Note pad"
        placeholder="Write anything. It is saved as you type."
        disabled={!isReady}
        onInput={(event) => model.edit(event.currentTarget.value)}
        onBlur={() => model.flush()}
        onKeyDown={(event) => {
          if (event.key !== 's' || !(event.metaKey || event.ctrlKey)) return
          event.preventDefault()
          model.flush()
        }}
      />
      {now.isAtRisk ? (
        <State text="Not saved, and too long to be kept in this tab" tone="bad" />
      ) : (
        <State
          text={now.status === 'offline' && now.hasDraft ? 'Offline, kept in this tab' : text}
          tone={tone}
        />
      )}
    </div>
  )
}

/** Puts in what came from elsewhere, with the caret left where its words are. */
function useShownText(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const field = area.current
    if (!field || field.value === text) return
    const [start, end] = [field.selectionStart, field.selectionEnd].map((at) =>
      moveCaret(at, field.value, text),
    )
    const scroll = field.scrollTop
    field.value = text
    if (document.activeElement === field) field.setSelectionRange(start ?? 0, end ?? 0)
    field.scrollTop = scroll
  }, [area, text])
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
