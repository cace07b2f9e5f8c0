/** Proving it again with the password and a code. */
import { PASSWORD_MAX_CHARS } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { isSignedOut } from '../../lib/errors.ts'
import { stepUp } from '../../lib/step-up.ts'
import { ENTER_CODE } from '../../lib/texts.ts'
import { trpc } from '../../lib/trpc.ts'
import { useSingle } from '../../lib/use-single.ts'
import { Button } from '../../ui/button.tsx'
import { CodeField } from '../../ui/code-field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { useSession } from './session.ts'
import { authErrorText } from './words.ts'

export const useStepUpCode = () =>
  trpc.auth.stepUp.totp.useMutation({
    onSuccess: () => stepUp.settle(true),
    onError: (error) => {
      if (isSignedOut(error)) stepUp.settle(false)
    },
  })

interface StepUpCodeProps {
  proof: ReturnType<typeof useStepUpCode>
  onTry: () => void
  /** It is the first way that the dialog offers. */
  autoFocus: boolean
}

type Flaws = Partial<Record<'password' | 'code', string | null>>

export function StepUpCode({ proof, onTry, autoFocus }: StepUpCodeProps) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [flaws, setFlaws] = useState<Flaws>({})
  const send = useSingle(proof.mutate)
  const problem = authErrorText(proof.error)
  function submit(event: FormEvent) {
    event.preventDefault()
    // React passes events on to the form that opened this dialog.
    event.stopPropagation()
    if (proof.isPending) return
    onTry()
    const found = {
      password: password === '' ? 'Enter your password.' : null,
      code: code.length === 6 ? null : ENTER_CODE,
    }
    setFlaws(found)
    if (found.password || found.code) return proof.reset()
    setCode('')
    send({ password, code })
  }

  return (
    <form noValidate onSubmit={submit}>
      <Username />
      <PasswordField
        label="Password"
        name="password"
        value={password}
        onChange={(event) => {
          setPassword(event.target.value)
          setFlaws({ ...flaws, password: null })
        }}
        error={flaws.password}
        autoComplete="current-password"
        autoFocus={autoFocus}
        maxLength={PASSWORD_MAX_CHARS}
        required
      />
      <CodeField
        label="6-digit code"
        name="code"
        value={code}
        onValue={(digits) => {
          setCode(digits)
          setFlaws({ ...flaws, code: null })
        }}
        error={flaws.code}
        required
        hint="Each code works once."
      />
      <Button type="submit" variant="secondary" className="mt-2 w-full" pending={proof.isPending}>
        Continue
      </Button>
      {problem && (
        <Notice tone="error" className="mt-4">
          {problem}
        </Notice>
      )}
    </form>
  )
}

/** Password managers find the password under this name. */
function Username() {
  const session = useSession()
  const handle = session.status === 'in' ? session.user.handle : ''
  return <input type="hidden" name="username" autoComplete="username" value={handle} readOnly />
}
