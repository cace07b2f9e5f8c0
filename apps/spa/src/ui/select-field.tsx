/** A labelled list to choose one value from: the browser's own, which phones show best. */
import { ChevronDown } from 'lucide-react'
import { type ComponentProps, useId } from 'react'
import { cn } from './cn.ts'

export interface SelectFieldProps extends ComponentProps<'select'> {
  label: string
}

export function SelectField({ label, className, id, children, ...rest }: SelectFieldProps) {
  const own = useId()
  const selectId = id ?? own
  return (
    <div className={className}>
      <label htmlFor={selectId} className="mb-2 block font-medium text-sm">
        {label}
      </label>
      <div className="relative">
        <select
          {...rest}
          id={selectId}
          className={cn(
            'h-12 w-full appearance-none truncate rounded-control border border-line-strong/60 bg-surface pr-10 pl-4 text-base text-ink',
            'focus:border-accent focus:outline-2 focus:outline-accent/30',
          )}
        >
          {children}
        </select>
        <ChevronDown
          aria-hidden
          className="pointer-events-none absolute top-1/2 right-3.5 size-4 -translate-y-1/2 text-muted"
        />
      </div>
    </div>
  )
}
