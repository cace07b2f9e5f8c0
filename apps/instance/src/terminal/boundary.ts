/**
 * Cuts a program's output where a sequence or character ends. Only whole ones are passed on, so that whoever attaches
 * between two pieces is never in the middle of one.
 */
const ESC = 0x1b
const BEL = 0x07
/** An unfinished sequence beyond this (a picture, for instance) is passed on as it comes. */
const MOST_HELD = 65_536

export interface Boundary {
  /** What can be passed on now; the rest waits for what follows it. */
  push(bytes: Buffer): Buffer
  /** What still waits, when nothing follows. */
  end(): Buffer
}

export function createBoundary(): Boundary {
  let held: Buffer = Buffer.alloc(0)
  return {
    push(bytes) {
      const all = held.length > 0 ? Buffer.concat([held, bytes]) : bytes
      const cut = lastBoundary(all)
      const isTooMuch = all.length - cut > MOST_HELD
      // A copy: a few bytes must not keep a whole read's memory.
      held = isTooMuch ? Buffer.alloc(0) : Buffer.from(all.subarray(cut))
      return isTooMuch ? all : all.subarray(0, cut)
    },
    end() {
      const rest = held
      held = Buffer.alloc(0)
      return rest
    },
  }
}

/** Index after the last whole sequence or character. An escape begins anew whatever was before it. */
function lastBoundary(bytes: Buffer): number {
  const start = bytes.lastIndexOf(ESC)
  if (start >= 0 && !isWhole(bytes, start)) return beforeString(bytes, start)
  return lastCharacter(bytes)
}

/** `ESC` right at the end may be the first half of the terminator of a string that began before. */
function beforeString(bytes: Buffer, start: number): number {
  if (start !== bytes.length - 1 || start === 0) return start
  const before = bytes.lastIndexOf(ESC, start - 1)
  return before >= 0 && !isWhole(bytes.subarray(0, start), before) ? before : start
}

/** Whether the sequence that begins at `at` ends within `bytes`. */
function isWhole(bytes: Buffer, at: number): boolean {
  const kind = bytes[at + 1]
  if (kind === undefined) return false
  // ']' OSC, 'P' DCS, 'X' SOS, '^' PM, '_' APC: up to BEL or another escape, which is the case before the last one.
  if ([0x5d, 0x50, 0x58, 0x5e, 0x5f].includes(kind)) return bytes.indexOf(BEL, at) >= 0
  // '[' CSI: parameters, then one letter.
  if (kind === 0x5b) return hasAtOrAfter(bytes, at + 2, 0x40)
  // Others: intermediates from space to '/', then one letter or digit.
  return hasAtOrAfter(bytes, at + 1, 0x30)
}

const hasAtOrAfter = (bytes: Buffer, from: number, least: number): boolean => {
  for (let index = from; index < bytes.length; index++) if ((bytes[index] ?? 0) >= least) return true
  return false
}

/** Index after the last whole UTF-8 character; bytes that are none count as whole. */
function lastCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}
