/** The palette's dialog. It takes what is typed from the first key on, and what it lists may come a moment later. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Me } from '../../../src/protocol.ts'
import { useStore } from '../store.ts'
import { type Held, loadPalette, paletteContents } from './load.ts'
import { palette } from './open.ts'
import './palette.css'

const hide = () => palette.set(false)

/** `me`: `null` until the computer has said who is here. */
export const LazyPalette = ({ me }: { me: Me | null }) =>
  useStore(palette) ? <PaletteDialog me={me} /> : null

function PaletteDialog({ me }: { me: Me | null }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const Contents = useStore(paletteContents)
  const [held, setHeld] = useState<Held>({ typed: '', isEntered: false })
  const [hasFailed, setHasFailed] = useState(false)
  // Before the next key: it would go to what has the focus beneath.
  useLayoutEffect(() => {
    dialog.current?.showModal()
    dialog.current?.querySelector('input')?.focus()
  }, [])
  useEffect(() => {
    loadPalette().catch(() => setHasFailed(true))
  }, [])
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
        <Waiting held={held} onHeld={setHeld} hasFailed={hasFailed} />
      )}
    </dialog>
  )
}

interface WaitingProps {
  held: Held
  onHeld: (held: Held) => void
  hasFailed: boolean
}

const Waiting = ({ held, onHeld, hasFailed }: WaitingProps) => (
  <>
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
    {hasFailed && (
      <p className="palette-failed" role="alert">
        This could not be loaded. Check your connection, then open it again.
      </p>
    )}
  </>
)
