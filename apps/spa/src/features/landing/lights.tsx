/** As many lights as fit, lit in proportion. Few computers: one light each. */
import { cn } from '../../lib/cn.ts'

const COUNT = 168
const LIGHTS = Array.from({ length: COUNT }, (_, index) => index)
/** Visits the field in a scattered order that never changes; 67 and 168 share no factor. */
const rankOf = (index: number) => (index * 67 + 31) % COUNT

/** How many lights are lit: at least one when anything runs. */
export function litCount(running: number, instances: number): number {
  const scale = Math.min(1, COUNT / Math.max(instances, running, 1))
  return running === 0 ? 0 : Math.max(1, Math.round(running * scale))
}

export function Lights({ running, instances }: { running: number; instances: number }) {
  const lit = litCount(running, instances)
  return (
    <div
      aria-hidden
      className="grid grid-cols-[repeat(21,minmax(0,1fr))] gap-y-2.5 sm:grid-cols-[repeat(28,minmax(0,1fr))]"
    >
      {LIGHTS.map((index) => (
        <span
          key={index}
          className={cn(
            'size-2 justify-self-center rounded-full transition-colors duration-700 sm:size-2.5',
            rankOf(index) < lit ? 'bg-lit' : 'bg-unlit',
          )}
        />
      ))}
    </div>
  )
}
