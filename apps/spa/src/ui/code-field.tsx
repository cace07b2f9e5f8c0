/** Six digits from an authenticator app; pasted blanks and hyphens are dropped. */
import { cn } from './cn.ts'
import { Field, type FieldProps } from './field.tsx'

export interface CodeFieldProps extends Omit<FieldProps, 'onChange' | 'value'> {
  value: string
  onValue: (digits: string) => void
}

export const CodeField = ({ onValue, className, ...rest }: CodeFieldProps) => (
  <Field
    {...rest}
    inputMode="numeric"
    autoComplete="one-time-code"
    placeholder="000000"
    onChange={(event) => onValue(event.target.value.replace(/\D/g, '').slice(0, 6))}
    className={cn('[&_input]:font-mono [&_input]:tracking-[0.35em]', className)}
  />
)
