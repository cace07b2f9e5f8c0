/**
 * What Tab does in the console: it completes while there is something to complete, and leaves otherwise, as it does
 * everywhere. Escape makes the next Tab leave in any case, so that the keyboard is never caught.
 */

export interface TabKey {
  /** `line`: what stands before the caret. `wait`: the answer is on its way. */
  press(line: string): 'ask' | 'wait' | 'leave'
  escape(): void
  /** Any other key: whatever Escape meant is over. */
  other(): void
  /** `isChanged`: whether the answer completed anything. */
  answered(line: string, isChanged: boolean): void
  /** No answer will come. */
  forget(): void
}

export function createTabKey(): TabKey {
  let isLeaving = false
  let asked: string | null = null
  let exhausted: string | null = null

  return {
    press(line) {
      if (isLeaving || line.trim() === '' || line === exhausted) return 'leave'
      if (line === asked) return 'wait'
      asked = line
      return 'ask'
    },
    escape() {
      isLeaving = true
    },
    other() {
      isLeaving = false
    },
    answered(line, isChanged) {
      if (line === asked) asked = null
      exhausted = isChanged ? null : line
    },
    forget() {
      asked = null
    },
  }
}
