/**
 * The glyph of a handle: a few dots of a five by five matrix, the same left and right, of which one is alive. The same
 * handle has the same glyph everywhere; two handles may share one, so it helps to recognize, and identifies nobody.
 */

export const GLYPH_SIZE = 5

export interface GlyphDot {
  /** 0 is the left column. */
  x: number
  /** 0 is the top row. */
  y: number
}

export interface Glyph {
  /** Without the one that is alive. */
  dots: readonly GlyphDot[]
  life: GlyphDot
}

const MIDDLE = 2
const LEFT_HALF = MIDDLE + 1
/** Fewer are no figure, more are a block. */
const [FEWEST, MOST] = [8, 18]

export function glyphOf(handle: string): Glyph {
  const next = numbersFrom(handle)
  for (;;) {
    const bits = next()
    const life = { x: MIDDLE, y: next() % GLYPH_SIZE }
    const dots = matrix().filter(({ x, y }) => {
      const column = x < LEFT_HALF ? x : GLYPH_SIZE - 1 - x
      const isLit = ((bits >>> (y * LEFT_HALF + column)) & 1) === 1
      return isLit && !(x === life.x && y === life.y)
    })
    if (dots.length >= FEWEST && dots.length <= MOST) return { dots, life }
  }
}

/** Every place of the matrix, row by row. */
export const matrix = (): GlyphDot[] =>
  Array.from({ length: GLYPH_SIZE ** 2 }, (_, at) => ({ x: at % GLYPH_SIZE, y: Math.floor(at / GLYPH_SIZE) }))

/** Numbers of 32 bits that depend on the text alone: FNV-1a for the first, then the finalizer of MurmurHash3. */
function numbersFrom(text: string): () => number {
  let state = 0x811c9dc5
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193)
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return (mixed ^ (mixed >>> 16)) >>> 0
  }
}
