/** Keys that mean the same wherever one is. Those that a terminal needs are left to it: mark it `data-keeps-keys`. */
import { focusNext } from './desk.ts'
import { palette } from './palette/open.ts'

export type ShellKey = 'palette' | 'next' | 'previous'

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** `keepsKeys`: Ctrl and a letter belong to what has the focus, as in a terminal; there it takes Shift as well. */
export function shellKeyOf(event: Pressed, keepsKeys: boolean): ShellKey | null {
  if (event.altKey) return null
  const isK = event.key.toLowerCase() === 'k'
  if (isK && event.metaKey !== event.ctrlKey) {
    return event.metaKey || event.shiftKey || !keepsKeys ? 'palette' : null
  }
  if (event.code === 'Backquote' && event.ctrlKey && !event.metaKey)
    return event.shiftKey ? 'previous' : 'next'
  return null
}

export function startKeys(): void {
  document.addEventListener(
    'keydown',
    (event) => {
      const keeps = event.target instanceof Element && event.target.closest('[data-keeps-keys]') !== null
      const key = shellKeyOf(event, keeps)
      // What is asked in a dialog, or a computer that sleeps, comes first.
      const isAsked = document.querySelector('dialog[open]:not(.palette)') !== null
      if (key === null || isAsked) return
      event.preventDefault()
      event.stopPropagation()
      if (key === 'palette') palette.update((isShown) => !isShown)
      else if (!palette.get()) focusNext(key === 'next' ? 1 : -1)
    },
    { capture: true },
  )
}
