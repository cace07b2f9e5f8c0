/** Leaving for a page that knows nobody: a full page load drops everything that is remembered of the person. */
import { leaveFlash } from '../../lib/flash.ts'

/** `message` is shown as a toast over there. */
export function leaveTo(path: '/login' | '/goodbye', message?: string) {
  if (message) leaveFlash(message)
  location.assign(path)
}
