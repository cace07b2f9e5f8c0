/** Shows a computer that sleeps: the page dims to paper and one dot breathes, until a key or a tap wakes it. */
import { find } from './dom.ts'
import type { LinkState } from './link.ts'

type Face = 'asleep' | 'resting' | 'waking' | 'failed'

const WORDS: Record<Face, string> = {
  asleep: 'Asleep',
  resting: 'Resting',
  waking: 'Waking up',
  failed: 'I couldn’t wake up. Try again in a moment.',
}

export interface AsleepView {
  readonly isShown: boolean
  /** Somebody pressed a key, and it is on its way. */
  readonly isWaking: boolean
  show(state: LinkState): void
}

export function showAsleep(): AsleepView {
  const dialog = find('asleep', HTMLDialogElement)
  const words = find('asleep-state', HTMLElement)
  const { title } = document

  const put = (face: Face) => {
    dialog.dataset.face = face
    words.textContent = WORDS[face]
    document.title = `${face === 'failed' ? WORDS.asleep : WORDS[face]} · ${title}`
    // Modal: what lies beneath can neither be reached nor read out, and gets the focus back afterwards.
    if (dialog.open) return
    dialog.showModal()
    // Not to its button, which would stand out: any key will do.
    dialog.focus()
  }
  const clear = () => {
    document.title = title
    dialog.close()
  }
  // Escape is a key like any other: it wakes, and the dialog goes when the computer is there.
  dialog.addEventListener('cancel', (event) => event.preventDefault())

  const isWaking = () => dialog.open && dialog.dataset.face === 'waking'

  return {
    get isShown() {
      return dialog.open
    },
    get isWaking() {
      return isWaking()
    },
    show(state) {
      if (state === 'asleep') put(isWaking() ? 'failed' : 'asleep')
      // A page that nobody sees comes back without a word; in plain sight it says that it let go.
      else if (state === 'resting' && !document.hidden) put('resting')
      else if (dialog.open && state === 'connecting') put('waking')
      // A broken connection changes nothing here, nor does a session that expires: that matters when somebody is back.
      else if (dialog.open && state !== 'retrying' && state !== 'signed-out') clear()
    },
  }
}
