/** One of a few, all of them seen. */
export interface ChoiceProps<T extends string> {
  legend: string
  name: string
  options: Record<T, string>
  value: T
  onChange: (value: T) => void
}

export const Choice = <T extends string>({ legend, name, options, value, onChange }: ChoiceProps<T>) => (
  <fieldset className="one-of">
    <legend>{legend}</legend>
    {(Object.entries(options) as [T, string][]).map(([key, words]) => (
      <label key={key}>
        <input type="radio" {...{ name }} checked={value === key} onChange={() => onChange(key)} />
        <span>{words}</span>
      </label>
    ))}
  </fieldset>
)
