/** Proving it again with a passkey. */
import { type PublicKeyCredentialRequestOptionsJSON, startAuthentication } from '@simplewebauthn/browser'
import { useMutation } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { isSignedOut } from '../../lib/errors.ts'
import { stepUp } from '../../lib/step-up.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { authErrorText } from './words.ts'

export function useStepUpPasskey() {
  const { client } = trpc.useUtils()
  return useMutation({
    mutationFn: async () => {
      const { challengeId, options } = await client.auth.stepUp.passkeyOptions.mutate()
      // The two sides differ only in how they write optional keys.
      const optionsJSON = options as PublicKeyCredentialRequestOptionsJSON
      const response = await startAuthentication({ optionsJSON })
      return await client.auth.stepUp.passkey.mutate({ challengeId, response })
    },
    onSuccess: () => stepUp.settle(true),
    onError: (error) => {
      if (isSignedOut(error)) stepUp.settle(false)
    },
  })
}

interface StepUpPasskeyProps {
  passkey: ReturnType<typeof useStepUpPasskey>
  onTry: () => void
}

export function StepUpPasskey({ passkey, onTry }: StepUpPasskeyProps) {
  const problem = authErrorText(passkey.error)
  return (
    <>
      <Button
        size="lg"
        className="w-full"
        autoFocus
        pending={passkey.isPending}
        onClick={() => {
          onTry()
          passkey.mutate()
        }}
      >
        {!passkey.isPending && <KeyRound aria-hidden />}
        Use a passkey
      </Button>
      {problem && (
        <Notice tone="error" className="mt-4">
          {problem}
        </Notice>
      )}
    </>
  )
}
