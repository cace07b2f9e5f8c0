/** Grey stand-ins for what is still on its way. */
import { cn } from './cn.ts'

export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden className={cn('animate-pulse rounded-lg bg-unlit/60', className)} />
)
