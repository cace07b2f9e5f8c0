/** The desktop's dots, with the glyph of its handle lit among them: anchored at the lower right, whatever the size. */
import { GLYPH_SIZE, type GlyphDot, glyphOf } from '@matrixos/shared'
import { useMedia } from '../ui/use-media.ts'
import { look } from './look.ts'
import { PHONE } from './phone.ts'
import { useStore } from './store.ts'

/** CSS pixels between two dots. */
const PITCH = { desktop: 18, phone: 12 }
/** A dot of the glyph is this many dots wide, without its corners, with a free row to the next. */
const CELL = 4
/** Dots between the glyph and the corner. */
const MARGIN = 3
const FAR = 8_000

const SPAN = GLYPH_SIZE * (CELL + 1) - 1

export function Wallpaper({ handle }: { handle: string }) {
  const { wallpaper } = useStore(look)
  const pitch = useMedia(PHONE) ? PITCH.phone : PITCH.desktop
  if (wallpaper === 'plain') return null
  const { dots, life } = glyphOf(handle)
  return (
    <svg className="wallpaper" aria-hidden="true">
      <defs>
        <pattern id="field" width={pitch} height={pitch} patternUnits="userSpaceOnUse">
          <circle cx={pitch / 2} cy={pitch / 2} r={pitch * 0.075} />
        </pattern>
      </defs>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: a part of the picture around it, which is decoration. */}
      <svg x="100%" y="100%" overflow="visible">
        <rect x={-FAR} y={-FAR} width={FAR} height={FAR} fill="url(#field)" />
        {wallpaper === 'glyph' && (
          <g className="glyph">
            {dots.map((dot) => (
              <Cell key={`${dot.x} ${dot.y}`} dot={dot} pitch={pitch} />
            ))}
            <Cell dot={life} pitch={pitch} isAlive />
          </g>
        )}
      </svg>
    </svg>
  )
}

const PLACES = Array.from({ length: CELL ** 2 }, (_, at) => ({ x: at % CELL, y: Math.floor(at / CELL) }))
const isCorner = ({ x, y }: GlyphDot) => x % (CELL - 1) === 0 && y % (CELL - 1) === 0

interface CellProps {
  dot: GlyphDot
  pitch: number
  isAlive?: boolean
}

function Cell({ dot, pitch, isAlive = false }: CellProps) {
  const place = (cell: number, within: number) => (cell * (CELL + 1) + within - SPAN - MARGIN + 0.5) * pitch
  return (
    <g className={isAlive ? 'alive' : undefined}>
      {PLACES.filter((each) => !isCorner(each)).map(({ x, y }) => (
        <circle
          key={`${x} ${y}`}
          cx={place(dot.x, x)}
          cy={place(dot.y, y)}
          r={pitch * (isAlive ? 0.26 : 0.21)}
        />
      ))}
    </g>
  )
}
