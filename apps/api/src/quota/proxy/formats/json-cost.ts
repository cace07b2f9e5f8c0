/**
 * How long a JSON text takes to parse, told by a look at its bytes: what takes long is its values, far more than its
 * size, and nothing else runs meanwhile.
 */
import { isEscaped } from './json-members.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const OPEN_BRACE = 0x7b

/** In bytes of a long string, which are the cheapest. Of a value, with a name that no other has; and of a quote in a string. */
const OF_A_VALUE = 400
const OF_A_QUOTE = 20

/** `null`: it has more than `mostValues`. It need not be valid. */
export function costOfParsing(json: Buffer, mostValues: number): number | null {
  let values = 0
  let quotes = 0
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (byte === QUOTE) {
      do {
        quotes++
        at = json.indexOf(QUOTE, at + 1)
      } while (at !== -1 && isEscaped(json, at))
      if (at === -1) break
    } else if (byte === COMMA || byte === OPEN_BRACE || byte === OPEN_BRACKET) values++
    if (values > mostValues) return null
  }
  return json.length + values * OF_A_VALUE + quotes * OF_A_QUOTE
}
