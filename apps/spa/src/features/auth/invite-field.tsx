/** The field for an invite code, where sign-up is by invitation. */
import { Field } from '../../ui/field.tsx'

export interface InviteFieldProps {
  code: string
  onCode: (code: string) => void
  /** What the api said of this very code. */
  refusal: string | null
}

export const InviteField = ({ code, onCode, refusal }: InviteFieldProps) => (
  <Field
    className="mt-3"
    label="Invite code"
    name="invite"
    value={code}
    onChange={(event) => onCode(event.target.value)}
    placeholder="xxxx-xxxx-xxxx-xxxx"
    autoComplete="off"
    autoCapitalize="none"
    autoCorrect="off"
    spellCheck={false}
    maxLength={64}
    required
    error={refusal}
    hint="Sign-up is by invitation here."
  />
)
