/** A labelled text field with a hint and an error that screen readers connect to it. */
import { type ComponentProps, type ReactNode, useId } from 'react'
import { cn } from './cn.ts'

export interface FieldProps extends ComponentProps<'input'> {
  label: string
  hint?: ReactNode
  error?: ReactNode
  /** Lines that are kept free for hint and error, so that nothing below moves while somebody types. */
  noteLines?: 1 | 2
  /** Drawn inside the frame, after the text. */
  end?: ReactNode
  /** Drawn inside the frame, before the text. */
  start?: ReactNode
}

export function Field({ label, hint, error, noteLines = 1, start, end, className, id, ...rest }: FieldProps) {
  const own = useId()
  const inputId = id ?? own
  return (
    <div className={className}>
      <label htmlFor={inputId} className="mb-2 block font-medium text-sm">
        {label}
      </label>
      <div
        className={cn(
          'flex h-12 items-center rounded-control border bg-surface pr-1.5 pl-4 transition-colors',
          'focus-within:outline-2',
          error
            ? 'border-danger focus-within:outline-danger/30'
            : 'border-line-strong/60 focus-within:border-accent focus-within:outline-accent/30',
        )}
      >
        {start}
        <input
          {...rest}
          id={inputId}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${inputId}-note`}
          className="h-full min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-muted/70"
        />
        {end}
      </div>
      <div
        id={`${inputId}-note`}
        aria-live="polite"
        className={cn('mt-2 text-sm', noteLines === 2 ? 'min-h-10' : 'min-h-5')}
      >
        {error ? <span className="text-danger">{error}</span> : <span className="text-muted">{hint}</span>}
      </div>
    </div>
  )
}
