/** Proving it again with a recovery code, for whoever has lost the rest: folded away until it is asked for. */
import { type FormEvent, useState } from 'react'
import { isSignedOut } from '../../lib/errors.ts'
import { stepUp } from '../../lib/step-up.ts'
import { trpc } from '../../lib/trpc.ts'
import { useSingle } from '../../lib/use-single.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { authErrorText } from './words.ts'

export function StepUpRecovery() {
  const [isOpen, setOpen] = useState(false)
  const [code, setCode] = useState('')
  const [isEmpty, setEmpty] = useState(false)
  const proof = trpc.auth.stepUp.recoveryCode.useMutation({
    onSuccess: () => stepUp.settle(true),
    onError: (error) => {
      if (isSignedOut(error)) stepUp.settle(false)
    },
  })
  const send = useSingle(proof.mutate)
  if (!isOpen) {
    return (
      <Button variant="ghost" className="mt-3 w-full" onClick={() => setOpen(true)}>
        Use a recovery code
      </Button>
    )
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    // React passes events on to the form that opened this dialog.
    event.stopPropagation()
    setEmpty(code.trim() === '')
    if (code.trim() !== '') send({ code })
  }

  return (
    <form noValidate onSubmit={submit} className="mt-5">
      <Field
        label="Recovery code"
        name="recovery-code"
        value={code}
        onChange={(event) => {
          setCode(event.target.value)
          setEmpty(false)
        }}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={64}
        autoFocus
        error={isEmpty ? 'Enter one of your recovery codes.' : authErrorText(proof.error)}
        hint="Each code works once."
      />
      <Button type="submit" variant="secondary" className="mt-2 w-full" pending={proof.isPending}>
        Use this code
      </Button>
    </form>
  )
}
