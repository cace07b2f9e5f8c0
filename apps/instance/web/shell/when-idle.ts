/** Calls `act` when the page has nothing else to do: soon, and not at once. */
export function whenIdle(act: () => void): void {
  // Not in Safari.
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: LATEST_MS })
  else setTimeout(act, LATEST_MS)
}

const LATEST_MS = 3_000
