/** An app's icon as a picture for link previews: large, on black glass, in a quiet field of dots. */
import { GLYPH_SIZE, PICTURE_SIZE } from '@matrixos/shared'
import { canvasOf, encode } from '../../lib/picture.ts'
import { GLASS, iconDots, RADII } from './app-icon.tsx'

/** Pixels between two dots of the icon, and of the field. */
const STEP = 68
const FIELD_STEP = 34

export async function drawIcon(app: string, emoji?: string): Promise<Blob> {
  const { canvas, context } = canvasOf()
  const { width, height } = PICTURE_SIZE
  const dot = (x: number, y: number, radius: number, colour: string) => {
    context.beginPath()
    context.arc(x, y, radius, 0, 2 * Math.PI)
    context.fillStyle = colour
    context.fill()
  }
  context.fillStyle = GLASS.ground
  context.fillRect(0, 0, width, height)
  const [left, top] = [(width - GLYPH_SIZE * STEP) / 2, (height - GLYPH_SIZE * STEP) / 2]
  for (let x = FIELD_STEP / 2; x < width; x += FIELD_STEP)
    for (let y = FIELD_STEP / 2; y < height; y += FIELD_STEP)
      if (Math.hypot(x - width / 2, y - height / 2) > GLYPH_SIZE * STEP * 0.72) dot(x, y, 2, GLASS.off)
  if (emoji) {
    context.font = `${GLYPH_SIZE * STEP * 0.8}px sans-serif`
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillText(emoji, width / 2, height / 2)
  } else {
    for (const { x, y, kind } of iconDots(app))
      dot(left + (x + 0.5) * STEP, top + (y + 0.5) * STEP, RADII[kind] * STEP, GLASS[kind])
  }
  return encode(canvas)
}
