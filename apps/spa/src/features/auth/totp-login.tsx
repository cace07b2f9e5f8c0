/** Handle, password and code in one form. Its first field also offers passkeys by autofill. */
import { normalizeHandle, PASSWORD_MAX_CHARS, type UserView } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { malformedText } from '../../lib/availability.ts'
import { errorCodeOf } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { useSingle } from '../../lib/use-single.ts'
import { Button } from '../../ui/button.tsx'
import { CodeField } from '../../ui/code-field.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { authErrorText } from './words.ts'

export function TotpLogin(props: { handle: string; onDone: (user: UserView) => void }) {
  const [handle, setHandle] = useState(props.handle)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const login = trpc.auth.loginTotp.useMutation({ onSuccess: props.onDone, onError: () => setCode('') })
  const [malformed, setMalformed] = useState<string | null>(null)
  const send = useSingle(login.mutate)
  const problem = authErrorText(login.error)
  const refused = errorCodeOf(login.error) === 'credential_refused'

  function submit(event: FormEvent) {
    event.preventDefault()
    const normalized = normalizeHandle(handle)
    const flaw = malformedText(normalized)
    setMalformed(flaw)
    if (flaw === null) send({ handle: normalized, password, code })
  }

  return (
    <form onSubmit={submit}>
      <Field
        label="Handle"
        name="handle"
        value={handle}
        onChange={(event) => {
          setHandle(event.target.value)
          setMalformed(null)
        }}
        autoComplete="username webauthn"
        autoCapitalize="none"
        spellCheck={false}
        required
        error={malformed}
      />
      <PasswordField
        label="Password"
        name="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="current-password"
        maxLength={PASSWORD_MAX_CHARS}
        required
      />
      <CodeField
        label="6-digit code"
        name="code"
        value={code}
        onValue={setCode}
        pattern="\d{6}"
        title="The 6 digits that your authenticator app shows"
        required
        hint={refused && 'Each code works once: wait for the next one.'}
      />
      {problem && (
        <Notice tone="error" className="mt-2 mb-4">
          {problem}
        </Notice>
      )}
      <Button type="submit" variant="secondary" className="w-full" pending={login.isPending}>
        Sign in
      </Button>
    </form>
  )
}
