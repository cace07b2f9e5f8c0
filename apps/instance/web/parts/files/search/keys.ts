/** The keys of a search: down from the field into what was found, Enter for the first of it, and back. */
import type { KeyboardEvent } from 'react'

const FIELD = '[type=search]'
const FOUND = '.found button'

export function onSearchKey(event: KeyboardEvent<HTMLElement>, end: () => void): void {
  const { key, currentTarget, nativeEvent } = event
  const within = currentTarget.closest('.files')
  if (!within || nativeEvent.isComposing) return
  const found = [...within.querySelectorAll<HTMLElement>(FOUND)]
  const at = found.findIndex((one) => one.matches(':focus'))
  if (key === 'Escape') end()
  else if (key === 'ArrowDown') found[at + 1]?.focus()
  else if (key === 'ArrowUp' && at >= 0) (found[at - 1] ?? within.querySelector<HTMLElement>(FIELD))?.focus()
  // On one that was found, it is the button's own.
  else if (key === 'Enter' && at < 0) found[0]?.click()
  else return
  event.preventDefault()
}
