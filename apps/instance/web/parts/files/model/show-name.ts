/**
 * Names as people may read them. A name can hold anything but `/` and NUL: line breaks would tear a row apart, and
 * characters that turn the reading direction make `gpj.exe` look like `exe.jpg`.
 */

const CONTROLS = /[\p{Cc}\u2028\u2029]/gu
/** The computer's own sign for a byte that is no letter. */
const NO_LETTERS = /[\uef80-\uefff]/g
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Line breaks and tabs become pictures that every font has; other controls and marks of direction, their number. */
export function showName(name: string): string {
  return name
    .replace(CONTROLS, (character) => PICTURES[character] ?? numbered(character))
    .replace(NO_LETTERS, '\ufffd')
    .replace(DIRECTIONS, numbered)
}

const PICTURES: Record<string, string> = { '\n': '↵', '\t': '⇥' }

const numbered = (character: string) =>
  `‹${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`
