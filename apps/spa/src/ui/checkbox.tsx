/** A checkbox with its label, and a sentence below it where the label alone does not say enough. */
import { type ComponentProps, type ReactNode, useId } from 'react'
import { cn } from './cn.ts'

export interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type'> {
  label: ReactNode
  hint?: ReactNode
}

export function Checkbox({ label, hint, className, id, ...rest }: CheckboxProps) {
  const own = useId()
  const inputId = id ?? own
  return (
    <div className={cn('flex items-start gap-3', className)}>
      <input
        {...rest}
        id={inputId}
        type="checkbox"
        aria-describedby={hint ? `${inputId}-hint` : undefined}
        className="mt-0.5 size-5 shrink-0 accent-accent"
      />
      <div className="min-w-0 text-sm">
        <label htmlFor={inputId} className="font-medium">
          {label}
        </label>
        {hint && (
          <p id={`${inputId}-hint`} className="mt-0.5 text-muted leading-5">
            {hint}
          </p>
        )}
      </div>
    </div>
  )
}
