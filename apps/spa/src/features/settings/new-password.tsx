/** A form for a new password. */
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { DialogActions } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PasswordField } from '../../ui/password-field.tsx'

export interface NewPasswordProps {
  submitLabel: string
  pending: boolean
  problem: string | null
  onSubmit: (password: string) => void
  onCancel: () => void
}

export function NewPassword({ submitLabel, pending, problem, onSubmit, onCancel }: NewPasswordProps) {
  const [password, setPassword] = useState('')
  const [isShort, setIsShort] = useState(false)

  function submit(event: FormEvent) {
    event.preventDefault()
    setIsShort(password.length < PASSWORD_MIN_CHARS)
    if (password.length >= PASSWORD_MIN_CHARS && !pending) onSubmit(password)
  }

  return (
    <form noValidate onSubmit={submit} className="mt-5">
      <PasswordField
        label="New password"
        name="password"
        value={password}
        onChange={(event) => {
          setPassword(event.target.value)
          setIsShort(false)
        }}
        error={isShort && `Use at least ${PASSWORD_MIN_CHARS} characters.`}
        hint={`At least ${PASSWORD_MIN_CHARS} characters. A few random words are easy to remember.`}
        noteLines={2}
        autoComplete="new-password"
        minLength={PASSWORD_MIN_CHARS}
        maxLength={PASSWORD_MAX_CHARS}
        required
        autoFocus
      />
      {problem && (
        <Notice tone="error" className="mt-4">
          {problem}
        </Notice>
      )}
      <DialogActions>
        <Button variant="secondary" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" pending={pending}>
          {submitLabel}
        </Button>
      </DialogActions>
    </form>
  )
}
