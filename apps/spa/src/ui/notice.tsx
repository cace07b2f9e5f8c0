/** A message that stays on the page: an error, a warning, or something to know. */
import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

const LOOKS = {
  error: { icon: CircleAlert, style: 'bg-danger-soft', mark: 'text-danger' },
  warn: { icon: TriangleAlert, style: 'bg-warn-soft', mark: 'text-warn' },
  info: { icon: Info, style: 'bg-sunken', mark: 'text-muted' },
} as const

export interface NoticeProps {
  tone?: keyof typeof LOOKS
  title?: ReactNode
  children: ReactNode
  action?: ReactNode
  className?: string
}

/** Errors interrupt a screen reader; the rest waits for its turn. */
export function Notice({ tone = 'info', title, children, action, className }: NoticeProps) {
  const { icon: Icon, style, mark } = LOOKS[tone]
  return (
    <div
      role={tone === 'error' ? 'alert' : 'status'}
      className={cn(
        'flex animate-fade items-start gap-3 rounded-control p-4 text-sm leading-6',
        style,
        className,
      )}
    >
      <Icon aria-hidden className={cn('mt-0.5 size-5 shrink-0', mark)} />
      <div className="min-w-0 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        <div className="break-words">{children}</div>
        {action && <div className="mt-3 flex flex-wrap gap-2">{action}</div>}
      </div>
    </div>
  )
}
