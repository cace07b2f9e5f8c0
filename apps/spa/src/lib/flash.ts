/** One message that outlives a full page load, such as the result of signing out. */
const KEY = 'mos.flash'

export function leaveFlash(text: string) {
  try {
    sessionStorage.setItem(KEY, text)
  } catch {
    // A browser that forbids storage loses the message, not the action.
  }
}

export function takeFlash(): string | null {
  try {
    const text = sessionStorage.getItem(KEY)
    sessionStorage.removeItem(KEY)
    return text
  } catch {
    return null
  }
}
