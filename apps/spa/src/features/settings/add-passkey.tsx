/** The button that adds a passkey, with what went wrong below it. */
import type { PasskeyView } from '@matrixos/shared'
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { Plus } from 'lucide-react'
import { Button, type ButtonProps } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { addPasskeyErrorText, useAddPasskey } from './use-passkeys.ts'

export interface AddPasskeyProps extends Pick<ButtonProps, 'variant' | 'size' | 'className'> {
  onAdded: (passkey: PasskeyView) => void
  label?: string
}

export function AddPasskey({ onAdded, label = 'Add a passkey', ...look }: AddPasskeyProps) {
  const add = useAddPasskey(onAdded)
  const problem = add.error ? addPasskeyErrorText(add.error) : null
  if (!browserSupportsWebAuthn())
    return <p className="text-muted text-sm leading-6">This browser does not support passkeys.</p>
  return (
    <div className="min-w-0">
      <Button {...look} pending={add.isPending} onClick={() => add.mutate()}>
        {!add.isPending && <Plus aria-hidden />}
        {label}
      </Button>
      {problem && (
        <Notice tone="error" className="mt-4 max-w-md">
          {problem}
        </Notice>
      )}
    </div>
  )
}
