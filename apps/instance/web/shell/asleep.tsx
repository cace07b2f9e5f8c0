/** Shows a computer that sleeps: the page dims to paper and one dot breathes, until a key or a tap wakes it. */
import { useEffect, useRef } from 'react'
import type { LinkState } from './connection/link.ts'
import { createStore, useStore } from './store.ts'

export type Face = 'asleep' | 'resting' | 'waking' | 'failed'

const WORDS: Record<Face, string> = {
  asleep: 'Asleep',
  resting: 'Resting',
  waking: 'Waking up',
  failed: 'I couldn’t wake up. Try again in a moment.',
}

/** `null`: nothing is shown. */
export const asleepFace = createStore<Face | null>(null)

/** What is shown after a change of the connection. */
export function faceAfter(face: Face | null, state: LinkState, isHidden: boolean): Face | null {
  if (state === 'asleep') return face === 'waking' ? 'failed' : 'asleep'
  // A page that nobody sees comes back without a word; in plain sight it says that it let go.
  if (state === 'resting') return isHidden ? face : 'resting'
  if (face === null) return null
  if (state === 'connecting') return 'waking'
  // A broken connection changes nothing here, nor does a session that expires: that matters when somebody is back.
  return state === 'retrying' || state === 'signed-out' ? face : null
}

const MARK = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

export function Asleep({ handle }: { handle: string }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const face = useStore(asleepFace)
  useEffect(() => {
    if (face === null) return dialog.current?.close()
    const { title } = document
    document.title = `${face === 'failed' ? WORDS.asleep : WORDS[face]} · ${title}`
    // Modal: what lies beneath can neither be reached nor read out, and gets the focus back afterwards.
    if (!dialog.current?.open) {
      dialog.current?.showModal()
      // Not to its button, which would stand out: any key will do.
      dialog.current?.focus()
    }
    return () => {
      document.title = title
    }
  }, [face])
  return (
    <dialog
      id="asleep"
      className="asleep"
      ref={dialog}
      tabIndex={-1}
      data-face={face ?? undefined}
      aria-labelledby="asleep-name"
      aria-describedby="asleep-state"
      // Escape is a key like any other: it wakes, and the dialog goes when the computer is there.
      onCancel={(event) => event.preventDefault()}
    >
      <div className="mark" aria-hidden="true">
        {MARK.map((dot) => (
          <i key={dot} className={dot === '5' ? 'life' : undefined} />
        ))}
      </div>
      <h2 id="asleep-name">{handle}’s computer</h2>
      <p id="asleep-state" role="status">
        {face && WORDS[face]}
      </p>
      <button type="button">
        <span className="with-keys">Press any key to wake it</span>
        <span className="with-thumbs">Tap to wake it</span>
      </button>
    </dialog>
  )
}
