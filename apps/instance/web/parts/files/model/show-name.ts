/**
 * Names as people may read them. A name can hold anything but `/` and NUL: line breaks would tear a row apart, and
 * characters that turn the reading direction make `gpj.exe` look like `exe.jpg`.
 */

const CONTROLS = /[\p{Cc}\u2028\u2029]/gu
/** The computer's own sign for a byte that is no letter. */
const NO_LETTERS = /[\uef80-\uefff]/g
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Control characters become their pictures (␊, ␉), marks of direction are shown by their number. */
export function showName(name: string): string {
  return name
    .replace(CONTROLS, (character) => {
      const code = character.codePointAt(0) ?? 0
      return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? '␡' : numbered(character)
    })
    .replace(NO_LETTERS, '\ufffd')
    .replace(DIRECTIONS, numbered)
}

const numbered = (character: string) =>
  `‹${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`
