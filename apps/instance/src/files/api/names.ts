/**
 * Names of files as text. A name is bytes, and not always UTF-8: each byte that does not fit becomes one character of
 * U+EF80–U+EFFF (private use), and becomes that byte again on the way back, so that every file can be reached.
 */
import { isUtf8 } from 'node:buffer'

const FIRST = 0xef00
const ESCAPES = /[\uef80-\uefff]/

export function nameOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (!text.includes('\ufffd') && !ESCAPES.test(text)) return text
  let name = ''
  for (let at = 0; at < bytes.length; ) {
    const character = bytes.subarray(at, at + lengthOf(bytes[at] ?? 0))
    const decoded = character.toString('utf8')
    // A character that looks like an escape is escaped itself, or two names would be the same.
    const isPlain = isUtf8(character) && !ESCAPES.test(decoded)
    name += isPlain ? decoded : String.fromCharCode(FIRST + (bytes[at] ?? 0))
    at += isPlain ? character.length : 1
    // The bytes of an escaped look-alike follow one by one: none of them begins a character.
  }
  return name
}

/** The bytes of a name or of a whole path. */
export function bytesOf(name: string): Buffer {
  if (!ESCAPES.test(name)) return Buffer.from(name, 'utf8')
  return Buffer.concat(
    name
      .split(/([\uef80-\uefff])/)
      .map((part) =>
        ESCAPES.test(part) ? Buffer.from([part.charCodeAt(0) - FIRST]) : Buffer.from(part, 'utf8'),
      ),
  )
}

/** For system calls: the text itself where it means the same. */
export const rawPath = (path: string): string | Buffer => (ESCAPES.test(path) ? bytesOf(path) : path)

const lengthOf = (lead: number): number => (lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4)
