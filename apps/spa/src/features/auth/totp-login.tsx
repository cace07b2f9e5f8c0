/** Handle, password and code in one form. Its first field also offers passkeys by autofill. */

import { normalizeHandle, PASSWORD_MAX_CHARS, type UserView } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { malformedText } from '../../lib/availability.ts'
import { focusField } from '../../lib/focus-field.ts'
import { ENTER_CODE } from '../../lib/texts.ts'
import { trpc } from '../../lib/trpc.ts'
import { useSingle } from '../../lib/use-single.ts'
import { Button } from '../../ui/button.tsx'
import { CodeField } from '../../ui/code-field.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { authErrorText } from './words.ts'

/** Its mutation is the page's, which shows one problem at a time, whichever way in was tried last. */
export const useTotpLogin = (onDone: (user: UserView) => void) =>
  trpc.auth.loginTotp.useMutation({ onSuccess: onDone })

export interface TotpLoginProps {
  login: ReturnType<typeof useTotpLogin>
  onTry: () => void
}

const FIELDS = ['handle', 'password', 'code'] as const

type Flaws = Partial<Record<(typeof FIELDS)[number], string | null>>

/** What is missing, in our own words: the browser's bubbles would cover the hints. */
const flawsOf = (typed: { handle: string; password: string; code: string }): Flaws => ({
  handle: typed.handle === '' ? 'Enter your handle.' : malformedText(typed.handle),
  password: typed.password === '' ? 'Enter your password.' : null,
  code: typed.code.length === 6 ? null : ENTER_CODE,
})

export function TotpLogin({ login, onTry }: TotpLoginProps) {
  const [handle, setHandle] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [flaws, setFlaws] = useState<Flaws>({})
  const send = useSingle(login.mutate)
  const problem = authErrorText(login.error)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (login.isPending) return
    const normalized = normalizeHandle(handle)
    const found = flawsOf({ handle: normalized, password, code })
    setFlaws(found)
    onTry()
    const first = FIELDS.find((name) => found[name] !== null)
    if (first !== undefined) {
      focusField(event.currentTarget, first)
      login.reset()
      return
    }
    setCode('')
    send({ handle: normalized, password, code })
  }

  return (
    <form noValidate onSubmit={submit}>
      <Field
        label="Handle"
        name="handle"
        value={handle}
        onChange={(event) => {
          setHandle(event.target.value)
          setFlaws({ ...flaws, handle: null })
        }}
        autoComplete="username webauthn"
        autoCapitalize="none"
        spellCheck={false}
        required
        error={flaws.handle}
      />
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
      <Button type="submit" variant="secondary" className="mt-2 w-full" pending={login.isPending}>
        Sign in
      </Button>
      {problem && (
        <Notice tone="error" className="mt-4">
          {problem}
        </Notice>
      )}
    </form>
  )
}
