/** A fixed field of lights. While there are few computers each is one light; beyond that they are lit in proportion. */
import { cn } from '../../ui/cn.ts'

const COUNT = 168
const LIGHTS = Array.from({ length: COUNT }, (_, index) => index)
/** Mixes an index's bits (murmur3's last step), so that the lights look scattered by chance but stay where they are. */
function scatter(index: number): number {
  const first = Math.imul(index ^ 0x5bd1e995, 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return (second ^ (second >>> 16)) >>> 0
}
const RANKS = new Map(LIGHTS.toSorted((a, b) => scatter(a) - scatter(b)).map((light, rank) => [light, rank]))

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
            (RANKS.get(index) ?? 0) < lit ? 'bg-lit' : 'bg-unlit',
          )}
        />
      ))}
    </div>
  )
}
