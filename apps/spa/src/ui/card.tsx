/** A raised surface. */
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

export const Card = ({ className, ...rest }: ComponentProps<'section'>) => (
  <section
    {...rest}
    className={cn('rounded-card border border-line bg-surface p-6 shadow-card sm:p-8', className)}
  />
)
