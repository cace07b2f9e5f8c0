/** Asks for the code that a device shows. One that came with the link is only filled in: looking is a step of its own. */
import { type DeviceLoginView, parseUserCode, showUserCode } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { errorText } from '../../../lib/errors.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Field } from '../../../ui/field.tsx'

export interface DeviceCodeProps {
  initial: string
  onFound: (login: DeviceLoginView) => void
}

export function DeviceCode({ initial, onFound }: DeviceCodeProps) {
  const parsed = parseUserCode(initial)
  const [text, setText] = useState(parsed ? showUserCode(parsed) : '')
  const inspect = trpc.device.inspect.useMutation({ onSuccess: onFound })
  const userCode = parseUserCode(text)
  function submit(event: FormEvent) {
    event.preventDefault()
    if (userCode && !inspect.isPending) inspect.mutate({ userCode })
  }
  return (
    <form onSubmit={submit}>
      <Field
        label="Code"
        noteLines={2}
        hint="Eight letters. Capitals and the hyphen don’t matter."
        error={inspect.error && errorText(inspect.error)}
        value={text}
        placeholder="BCDF-GHJK"
        autoFocus={initial === ''}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={16}
        onChange={(event) => {
          setText(event.target.value.toUpperCase())
          inspect.reset()
        }}
        className="[&_input]:font-mono [&_input]:tracking-[0.2em]"
      />
      <Button
        type="submit"
        size="lg"
        className="mt-4 w-full"
        disabled={!userCode}
        pending={inspect.isPending}
      >
        Continue
      </Button>
    </form>
  )
}
