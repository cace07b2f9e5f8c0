/** The secret behind a link's `#`: taken out of the address, and kept by this tab until it is used. */

const PATTERN = /^#[\w-]{16,100}$/
/** A signed one says of itself what it is for. */
export const SIGNED = /^#[\w-]+\.[\w-]+\.[\w-]+$/

export const takeSecret = (key: string, pattern = PATTERN) => ({
  read(): string | null {
    try {
      if (pattern.test(location.hash)) {
        sessionStorage.setItem(key, location.hash.slice(1))
        history.replaceState(history.state, '', location.pathname + location.search)
      }
      return sessionStorage.getItem(key)
    } catch {
      // A browser that forbids storage: it has to be used at once.
      return pattern.test(location.hash) ? location.hash.slice(1) : null
    }
  },
  forget(): void {
    try {
      sessionStorage.removeItem(key)
    } catch {
      // There was nothing.
    }
  },
})
