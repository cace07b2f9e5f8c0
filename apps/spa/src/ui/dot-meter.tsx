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

export interface DotMeterProps {
  /** The used share, 0 to 1. */
  value: number
  /** A share on top that is only set aside. */
  reserved?: number
  label: string
  text: string
}

function look(index: number, value: number, reserved: number): string {
  if (index < Math.round(value * LIGHTS.length)) return value >= SCARCE ? 'bg-danger' : 'bg-lit'
  return index < Math.round((value + reserved) * LIGHTS.length) ? 'animate-breathe bg-lit/60' : 'bg-unlit'
}

export const DotMeter = ({ value, reserved = 0, label, text }: DotMeterProps) => (
  <div {...meter(value, label, text)} className="flex justify-between">
    {LIGHTS.map((index) => (
      <span
        key={index}
        className={cn('size-2 rounded-full forced-color-adjust-none', look(index, value, reserved))}
      />
    ))}
  </div>
)
