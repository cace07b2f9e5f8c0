/** Keeps a value for the next load of the page. A browser that has no room, or keeps nothing, goes on without. */
export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // The home has it, as soon as it is told.
  }
}

/** `null`: nothing is kept, or nothing that can be read. */
export function recall(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null')
  } catch {
    return null
  }
}
