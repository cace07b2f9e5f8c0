/** A word about a person or a thing, in a pill. */
import type { ReactNode } from 'react'
import { cn } from '../../ui/cn.ts'

const TONES = {
  accent: 'bg-accent-soft text-accent',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
  plain: 'bg-sunken text-muted',
} as const

export const Badge = ({ tone = 'plain', children }: { tone?: keyof typeof TONES; children: ReactNode }) => (
  <span
    className={cn(
      'inline-block whitespace-nowrap rounded-full px-2.5 py-0.5 font-medium text-xs leading-5',
      TONES[tone],
    )}
  >
    {children}
  </span>
)
