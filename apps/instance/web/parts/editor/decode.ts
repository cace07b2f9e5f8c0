/** From a file's bytes to text that can be written back byte for byte, or the reason why it cannot. */

export interface Decoded {
  text: string
  /** What ends a line; everything else stays in the text as it is. */
  lineBreak: '\n' | '\r\n'
  /** `false`: not UTF-8, and shown as Windows' Western letters. */
  isUtf8: boolean
}

const SAMPLE_BYTES = 8_000

/** `null`: no text. `isWhole` is `false` where `bytes` are only the beginning, which may end within a letter. */
export function decode(bytes: Uint8Array, isWhole: boolean): Decoded | null {
  if (bytes.subarray(0, SAMPLE_BYTES).includes(0)) return null
  const utf8 = decodeUtf8(bytes, isWhole)
  const text = utf8 ?? new TextDecoder('windows-1252').decode(bytes)
  return { text, lineBreak: lineBreakOf(text), isUtf8: utf8 !== null }
}

function decodeUtf8(bytes: Uint8Array, isWhole: boolean): string | null {
  try {
    // The mark of byte order stays, so that it is written back.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !isWhole })
  } catch {
    return null
  }
}

/** Windows' line ends count only where all are: a mixed file would be changed in every line. */
export function lineBreakOf(text: string): '\n' | '\r\n' {
  const all = text.split('\n').length - 1
  const windows = text.split('\r\n').length - 1
  return all > 0 && all === windows && !/\r(?!\n)/.test(text) ? '\r\n' : '\n'
}
