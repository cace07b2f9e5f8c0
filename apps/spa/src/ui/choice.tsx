/** One of about four values, side by side: radio buttons that look like one control. */
import { useId } from 'react'

export interface ChoiceProps<V extends string> {
  legend: string
  options: readonly { value: V; label: string }[]
  value: V
  onValue: (value: V) => void
}

export function Choice<V extends string>({ legend, options, value, onValue }: ChoiceProps<V>) {
  const name = useId()
  return (
    <fieldset>
      <legend className="mb-2 block font-medium text-sm">{legend}</legend>
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-4">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex h-11 cursor-pointer items-center justify-center whitespace-nowrap rounded-control border border-line px-4 text-sm hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft has-checked:font-medium has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={value === option.value}
              onChange={() => onValue(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
