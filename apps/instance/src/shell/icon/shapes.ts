/** The icon of a computer: its handle's glyph on black glass, as circles. Drawn as SVG and as PNG from the same data. */
import { GLYPH_SIZE, glyphOf, matrix } from '@matrixos/shared'

export const GLASS = '#0e1311'
const UNLIT = '#2a3530'
const DOT = '#a9b8b0'
const LIFE = '#4fe0a0'

export interface Circle {
  /** Centre and radius, as parts of the icon's side. */
  x: number
  y: number
  r: number
  color: string
}

export interface IconShapes {
  circles: readonly Circle[]
  /** Radius of the corners, as a part of the side. */
  corner: number
}

/** `bleed`: to the edges, with the glyph where every mask of a system leaves it. */
export function iconOf(handle: string, bleed: boolean): IconShapes {
  const { dots, life } = glyphOf(handle)
  const field = bleed ? 0.56 : 0.72
  const pitch = field / GLYPH_SIZE
  const place = (at: number) => 0.5 + (at - (GLYPH_SIZE - 1) / 2) * pitch
  const circles = matrix().map(({ x, y }): Circle => {
    const is = (dot: { x: number; y: number }) => dot.x === x && dot.y === y
    const [r, color] = is(life) ? [0.5, LIFE] : dots.some(is) ? [0.42, DOT] : [0.2, UNLIT]
    return { x: place(x), y: place(y), r: r * pitch, color }
  })
  return { circles, corner: bleed ? 0 : 0.22 }
}
