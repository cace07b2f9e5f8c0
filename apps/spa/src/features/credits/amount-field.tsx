/** A field for an amount of USD. */
import { Field } from '../../ui/field.tsx'

export interface AmountFieldProps {
  label: string
  className?: string
  name?: string
  value: string
  onValue: (value: string) => void
  error?: string | undefined
  hint?: string
}

export const AmountField = ({ name = 'amount', onValue, ...rest }: AmountFieldProps) => (
  <Field
    {...rest}
    name={name}
    inputMode="decimal"
    autoComplete="off"
    maxLength={10}
    start={
      <span aria-hidden className="mr-1.5 text-muted">
        $
      </span>
    }
    onChange={(event) => onValue(event.target.value.trim().replace(/^\$/, '').replace(',', '.'))}
  />
)
