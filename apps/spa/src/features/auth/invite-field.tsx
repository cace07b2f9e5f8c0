/** The field for an invite code, where sign-up is by invitation, or for the code that claims a computer. */
import { site } from '../../lib/hosts.ts'
import { Field } from '../../ui/field.tsx'
import { signUpWords } from './sign-up-words.ts'

export interface InviteFieldProps {
  code: string
  onCode: (code: string) => void
  /** What the api said of this very code. */
  refusal: string | null
}

export const InviteField = ({ code, onCode, refusal }: InviteFieldProps) => (
  <Field
    className="mt-3"
    label={signUpWords(site()).code.label}
    name="invite"
    value={code}
    onChange={(event) => onCode(event.target.value)}
    placeholder={signUpWords(site()).code.placeholder}
    autoComplete="off"
    autoCapitalize="none"
    autoCorrect="off"
    spellCheck={false}
    maxLength={64}
    required
    error={refusal}
    hint={signUpWords(site()).code.hint}
  />
)
