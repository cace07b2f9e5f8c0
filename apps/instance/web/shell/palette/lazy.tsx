/** The palette's dialog. It takes what is typed from the first key on, and what it lists may come a moment later. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Me } from '../../../src/protocol.ts'
import { pulse } from '../connection/pulse.ts'
import type { Start } from '../start.ts'
import { useStore } from '../store.ts'
import { type Held, loadPalette, paletteContents } from './load.ts'
import { palette } from './open.ts'
import './palette.css'

const hide = () => palette.set(false)
const focusFieldOf = (dialog: Element | null) => dialog?.querySelector('input')?.focus()

interface LazyPaletteProps {
  /** `null` until the computer has said who is here. */
  me: Me | null
  /** Whether it was asked, and did not say. */
  hasNoAnswer: boolean
  onRetry: Start['ask']
}

export const LazyPalette = (props: LazyPaletteProps) =>
  useStore(palette) ? <PaletteDialog {...props} /> : null

function PaletteDialog({ me, hasNoAnswer, onRetry }: LazyPaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const Contents = useStore(paletteContents)
  const [held, setHeld] = useState<Held>({ typed: '', isEntered: false })
  const [hasFailed, setHasFailed] = useState(false)
  // Before the next key: it would go to what has the focus beneath.
  useLayoutEffect(() => {
    dialog.current?.showModal()
    focusFieldOf(dialog.current)
  }, [])
  useEffect(() => {
    loadPalette().catch(() => setHasFailed(true))
  }, [])
  const retry = () => {
    // The button goes, and what has the focus beneath is not to get the next key.
    focusFieldOf(dialog.current)
    void onRetry()
  }
  const close = () => {
    // First, so that what opens has the focus, and keeps it.
    dialog.current?.close()
    hide()
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes every dialog.
    <dialog
      className="palette"
      ref={dialog}
      aria-label="Find or do anything"
      onClose={hide}
      // A click on the dialog itself is one beside what it shows.
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      {Contents && me ? (
        <Contents me={me} held={held} close={close} />
      ) : (
        <>
          <WaitingField held={held} onHeld={setHeld} />
          {hasNoAnswer ? <NoAnswer onRetry={retry} /> : hasFailed && <NotLoaded />}
        </>
      )}
    </dialog>
  )
}

interface WaitingFieldProps {
  held: Held
  onHeld: (held: Held) => void
}

const WaitingField = ({ held, onHeld }: WaitingFieldProps) => (
  <input
    // Looks as the field that takes its place.
    {...{ 'cmdk-input': '' }}
    aria-label="Find or do anything"
    autoComplete="off"
    spellCheck={false}
    value={held.typed}
    onChange={({ target }) => onHeld({ typed: target.value, isEntered: false })}
    onKeyDown={({ key, nativeEvent }) => {
      if (key === 'Enter' && !nativeEvent.isComposing) onHeld({ ...held, isEntered: true })
    }}
  />
)

const NotLoaded = () => (
  <p className="palette-failed" role="alert">
    This could not be loaded. Check your connection, then open it again.
  </p>
)

/** The page beneath says the same, and cannot be reached from here. */
function NoAnswer({ onRetry }: { onRetry: () => void }) {
  const isSignedOut = useStore(pulse) === 'signed-out'
  return (
    <div className="palette-failed" role="alert">
      <p>{isSignedOut ? 'Your session has ended.' : 'This computer isn’t answering right now.'}</p>
      {!isSignedOut && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}
