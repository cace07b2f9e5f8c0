/** The glyph of a handle, on black glass, as in its icon. */
import { GLYPH_SIZE, glyphOf, matrix } from '@matrixos/shared'

export function Glyph({ handle }: { handle: string }) {
  const { dots, life } = glyphOf(handle)
  const is = (at: { x: number; y: number }) => (dot: { x: number; y: number }) =>
    dot.x === at.x && dot.y === at.y
  return (
    <svg className="glyph-icon" viewBox={`-1 -1 ${GLYPH_SIZE + 2} ${GLYPH_SIZE + 2}`} aria-hidden="true">
      <rect x="-1" y="-1" width={GLYPH_SIZE + 2} height={GLYPH_SIZE + 2} rx="1.6" />
      {matrix().map((at) => {
        const kind = is(at)(life) ? 'life' : dots.some(is(at)) ? 'on' : 'off'
        const r = kind === 'life' ? 0.5 : kind === 'on' ? 0.42 : 0.2
        return <circle key={`${at.x} ${at.y}`} className={kind} cx={at.x + 0.5} cy={at.y + 0.5} r={r} />
      })}
    </svg>
  )
}
