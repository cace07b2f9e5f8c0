/** A labelled field for a few sentences, with a hint. */
import { type ComponentProps, type ReactNode, useId } from 'react'

export interface TextAreaProps extends ComponentProps<'textarea'> {
  label: string
  hint?: ReactNode
}

export function TextArea({ label, hint, className, id, ...rest }: TextAreaProps) {
  const own = useId()
  const areaId = id ?? own
  return (
    <div className={className}>
      <label htmlFor={areaId} className="mb-2 block font-medium text-sm">
        {label}
      </label>
      <textarea
        rows={3}
        {...rest}
        id={areaId}
        aria-describedby={hint ? `${areaId}-hint` : undefined}
        className="block w-full rounded-control border border-line-strong/60 bg-surface px-4 py-3 text-base text-ink leading-6 placeholder:text-muted/70 focus:border-accent focus:outline-2 focus:outline-accent/30"
      />
      {hint && (
        <p id={`${areaId}-hint`} className="mt-2 text-muted text-sm leading-5">
          {hint}
        </p>
      )}
    </div>
  )
}
