/**
 * Cuts strings that a program sends to its terminal (titles, links, copies) where they become too long. xterm takes ten
 * million characters of each, at thirty bytes a character: one that never ends would be the end of all terminals.
 */
const [ESC, BEL, CAN, SUB] = [0x1b, 0x07, 0x18, 0x1a]
/** ']' OSC, 'P' DCS, 'X' SOS, '^' PM, '_' APC, each after `ESC`. */
const STARTS = new Set([0x5d, 0x50, 0x58, 0x5e, 0x5f])
const OSC = 0x5d
/** The same in one character each, U+0080 to U+009F, which are two bytes: this one, and 0x40 more than the above. */
const C1 = 0xc2
const C1_END = 0x9c
const fromC1 = (byte: number) => byte - 0x40

/** A path has at most 4,096 bytes, three times as many when it is escaped. */
const MOST_BYTES = 16_384
/** What is copied to the clipboard is longer. */
const COPY = [0x35, 0x32, 0x3b]
const MOST_COPIED_BYTES = 131_072
/** Gives the string up, and then begins and ends another sequence, so that it is seen to have ended. */
const GIVE_UP = Buffer.from([CAN, ESC, 0x5c])

interface Sent {
  isOsc: boolean
  length: number
  isCopy: boolean
}

/** What is left of each piece of the output, wherever reads end. */
export function createStringLimit(): (bytes: Buffer) => Buffer {
  /** The string that has begun and not ended. */
  let string: Sent | null = null
  let previous = 0
  let isOut = false
  const begin = (kind: number): Sent => ({ isOsc: kind === OSC, length: 0, isCopy: kind === OSC })
  const isCut = () => string !== null && string.length > (string.isCopy ? MOST_COPIED_BYTES : MOST_BYTES)

  /** Counts one byte, and tells whether it belongs to what is left out. */
  const take = (byte: number): boolean => {
    const wasCut = isCut()
    const before = previous
    previous = byte
    const start = before === ESC ? byte : before === C1 ? fromC1(byte) : 0
    if (!wasCut && STARTS.has(start)) string = begin(start)
    else if (string !== null) {
      if (byte === ESC || (before === C1 && byte === C1_END)) string = null
      else if (byte === CAN || byte === SUB || (byte === BEL && string.isOsc)) string = null
      else {
        if (string.isCopy && string.length < COPY.length) string.isCopy = COPY[string.length] === byte
        string.length++
      }
    }
    return wasCut && byte !== ESC
  }

  return (bytes) => {
    if (string === null && previous !== ESC && previous !== C1 && !bytes.includes(ESC) && !bytes.includes(C1))
      return bytes
    const pieces: Buffer[] = []
    let from = 0
    for (let at = 0; at < bytes.length; at++) {
      const isLeftOut = take(bytes[at] ?? 0)
      if (isLeftOut && !isOut) pieces.push(bytes.subarray(from, at), GIVE_UP)
      if (!isLeftOut && isOut) from = at
      isOut = isLeftOut
    }
    if (!isOut) pieces.push(bytes.subarray(from))
    return pieces.length === 1 && from === 0 ? bytes : Buffer.concat(pieces)
  }
}
