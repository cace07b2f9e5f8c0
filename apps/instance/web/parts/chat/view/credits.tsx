/** What is left of the AI credits: dots that are used up, and the figure in words. */
import type { Credits as Left } from '../../../../src/chat/protocol.ts'
import { usd } from './words.ts'

const DOTS = Array.from({ length: 20 }, (_, index) => index)

export function Credits({ credits }: { credits: Left | null }) {
  if (!credits) return null
  const { spent, limit, used } = credits
  const lit = Math.ceil((1 - used) * DOTS.length)
  return (
    <a className="credits-left" href="/.mos/credits" data-low={used >= 0.8}>
      <svg viewBox={`0 0 ${DOTS.length} 1`} className="dots" aria-hidden="true">
        {DOTS.map((dot) => (
          <circle key={dot} cx={dot + 0.5} cy={0.5} r={0.34} className={dot < lit ? 'lit' : undefined} />
        ))}
      </svg>
      <span>
        {usd(spent)} of {usd(limit)} used
      </span>
    </a>
  )
}
