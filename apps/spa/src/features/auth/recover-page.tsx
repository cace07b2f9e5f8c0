/** `/recover`: signs in with a recovery code, and leads to a new passkey. */
import { normalizeHandle, RECOVERY_CODES_LOW } from '@matrixos/shared'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { malformedText } from '../../lib/availability.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AddPasskey } from '../settings/add-passkey.tsx'
import { AuthShell } from './auth-shell.tsx'
import { useSignedIn } from './session.ts'
import { authErrorText } from './words.ts'

export function RecoverPage() {
  const [left, setLeft] = useState<number | null>(null)
  return left === null ? <RecoverForm onDone={setLeft} /> : <Recovered left={left} />
}

type Flaws = Partial<Record<'handle' | 'code', string | null>>

const flawsOf = (handle: string, code: string): Flaws => ({
  handle: handle === '' ? 'Enter your handle.' : malformedText(handle),
  code: code.trim() === '' ? 'Enter one of your recovery codes.' : null,
})

function useRecover(onDone: (left: number) => void) {
  const signedIn = useSignedIn()
  return trpc.auth.recovery.login.useMutation({
    onSuccess: ({ user, left }) => {
      signedIn(user)
      onDone(left)
    },
  })
}

function RecoverForm({ onDone }: { onDone: (left: number) => void }) {
  const [handle, setHandle] = useState('')
  const [code, setCode] = useState('')
  const [flaws, setFlaws] = useState<Flaws>({})
  const recover = useRecover(onDone)
  const problem = authErrorText(recover.error)

  function submit(event: FormEvent) {
    event.preventDefault()
    if (recover.isPending) return
    const name = normalizeHandle(handle)
    const found = flawsOf(name, code)
    setFlaws(found)
    if (!found.handle && !found.code) recover.mutate({ handle: name, code })
  }

  return (
    <AuthShell
      title="Recover your account"
      lead="Sign in with one of your recovery codes. Each works once."
      footer={
        <>
          Found your device?{' '}
          <Link to="/login" className="font-medium text-accent underline-offset-4 hover:underline">
            Sign in
          </Link>
        </>
      }
    >
      <form noValidate onSubmit={submit}>
        <Field
          label="Handle"
          name="handle"
          value={handle}
          onChange={(event) => setHandle(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          error={flaws.handle}
        />
        <Field
          label="Recovery code"
          name="recovery-code"
          value={code}
          onChange={(event) => setCode(event.target.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          required
          error={flaws.code}
          hint="Six groups of four letters and numbers."
          className="[&_input]:font-mono [&_input]:text-sm"
        />
        <Button type="submit" size="lg" className="mt-3 w-full" pending={recover.isPending}>
          Sign in
        </Button>
        {problem && (
          <Notice tone="error" className="mt-4">
            {problem}
          </Notice>
        )}
        <NoCodes />
      </form>
    </AuthShell>
  )
}

const NoCodes = () => (
  <p className="mt-6 text-muted text-sm leading-6">
    No codes left? Ask an administrator of this platform: once they know it is you, they can send you a link.
  </p>
)

function Recovered({ left }: { left: number }) {
  const navigate = useNavigate()
  return (
    <AuthShell
      title="You’re in"
      lead="Add a passkey on this device now, so that you don’t need a code next time."
      footer={
        <Link to="/settings/security" className="font-medium text-accent underline-offset-4 hover:underline">
          Other ways to sign in
        </Link>
      }
    >
      <AddPasskey
        size="lg"
        className="w-full"
        onAdded={() => {
          toast.success('Your passkey was added. Remove what you lost.')
          void navigate({ to: '/settings/security', replace: true })
        }}
      />
      <Notice tone={left <= RECOVERY_CODES_LOW ? 'warn' : 'info'} className="mt-5">
        {left === 1 ? '1 recovery code is left.' : `${left} recovery codes are left.`}
        {left <= RECOVERY_CODES_LOW && ' Create new ones under Security.'}
      </Notice>
    </AuthShell>
  )
}
