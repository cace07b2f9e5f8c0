/** A state as a dot: awake is lit, asleep is not, busy breathes, failed is red. Always beside a word. */
import { cn } from './cn.ts'

const TONES = {
  awake: 'bg-lit shadow-[0_0_0_4px_var(--accent-soft)]',
  asleep: 'bg-line-strong',
  busy: 'bg-warn animate-breathe',
  failed: 'bg-danger',
} as const

export const Dot = ({ tone, className }: { tone: keyof typeof TONES; className?: string }) => (
  <span
    aria-hidden
    className={cn(
      'inline-block size-2.5 shrink-0 rounded-full forced-color-adjust-none',
      TONES[tone],
      className,
    )}
  />
)
