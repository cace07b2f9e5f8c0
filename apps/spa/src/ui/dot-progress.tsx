/** Progress as a row of lights. */
import { cn } from './cn.ts'

const LIGHTS = Array.from({ length: 24 }, (_, index) => index)

/** `value`: share of the way done, 0 to 1. */
export function DotProgress({ value, label, stalled }: { value: number; label: string; stalled?: boolean }) {
  const lit = Math.round(value * LIGHTS.length)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(value * 100)}
      className="flex justify-between"
    >
      {LIGHTS.map((index) => (
        <span
          key={index}
          className={cn(
            'size-2 rounded-full forced-color-adjust-none transition-colors duration-500',
            index < lit ? (stalled ? 'bg-danger' : 'bg-lit') : 'bg-unlit',
            index === lit && !stalled && 'animate-breathe bg-lit/70',
          )}
        />
      ))}
    </div>
  )
}
