/** Cuts a text into what single events carry. */

const USUAL_LETTERS = 12
/** Long answers come in larger pieces, or they would take for ever. */
const LONG = 20_000
const LARGE_LETTERS = 4096

/** In order, together the text, never half a letter. */
export function* slicesOf(text: string): Generator<string> {
  const size = text.length > LONG ? LARGE_LETTERS : USUAL_LETTERS
  let start = 0
  while (start < text.length) {
    let end = Math.min(text.length, start + size)
    const unit = text.charCodeAt(end - 1)
    if (unit >= 0xd800 && unit < 0xdc00 && end < text.length) end++
    yield text.slice(start, end)
    start = end
  }
}
