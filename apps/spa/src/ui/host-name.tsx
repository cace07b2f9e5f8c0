/** A host name that breaks between its labels, never at a hyphen: half a name reads as another one. */
import { Fragment } from 'react'
import { cn } from './cn.ts'

export function HostName({ children, className }: { children: string; className?: string }) {
  const labels = children.split('.')
  return (
    <span className={cn('font-mono wrap-anywhere', className)}>
      {labels.map((label, index) => (
        <Fragment key={labels.slice(0, index + 1).join('.')}>
          {index > 0 && '.'}
          {/* Alone on a line, what is still too long breaks anywhere. */}
          <span className="inline-block max-w-full">{label}</span>
        </Fragment>
      ))}
    </span>
  )
}
