/** How much of something is used, as a row of lights; red where little is left. The figure in words stands beside it. */
import { cn } from './cn.ts'

const LIGHTS = Array.from({ length: 24 }, (_, index) => index)
const SCARCE = 0.9
/** A `<meter>` cannot be drawn as dots. */
const meter = (value: number, label: string, text: string) => ({
  role: 'meter',
  'aria-label': label,
  'aria-valuemin': 0,
  'aria-valuemax': 100,
  'aria-valuenow': Math.round(value * 100),
  'aria-valuetext': text,
})

/** `value`: the used share, 0 to 1. */
export const DotMeter = ({ value, label, text }: { value: number; label: string; text: string }) => (
  <div {...meter(value, label, text)} className="flex justify-between">
    {LIGHTS.map((index) => (
      <span
        key={index}
        className={cn(
          'size-2 rounded-full',
          index >= Math.round(value * LIGHTS.length) ? 'bg-unlit' : value >= SCARCE ? 'bg-danger' : 'bg-lit',
        )}
      />
    ))}
  </div>
)
