/** Keys that a phone lacks, as a terminal hears them. */
export type TouchKey = 'Esc' | 'Tab' | 'Left' | 'Down' | 'Up' | 'Right' | 'Home' | 'End'

const ARROWS = { Left: 'D', Down: 'B', Up: 'A', Right: 'C', Home: 'H', End: 'F' } as const

/** `isApplication`: how programs that draw the screen, such as vim, want their arrows. */
export function sequenceOf(key: TouchKey, isApplication: boolean, isControl: boolean): string {
  if (key === 'Esc') return '\x1b'
  if (key === 'Tab') return '\t'
  const letter = ARROWS[key]
  if (isControl) return `\x1b[1;5${letter}`
  return `\x1b${isApplication ? 'O' : '['}${letter}`
}

/** What the letter is with Ctrl held; others stay as they are. */
export function withControl(text: string): string {
  if (!/^[a-z@[\\\]^_ ?]$/i.test(text)) return text
  if (text === '?') return '\x7f'
  return String.fromCharCode(text === ' ' ? 0 : text.toUpperCase().charCodeAt(0) & 0x1f)
}
