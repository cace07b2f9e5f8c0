/** Adds a passkey by an administrator's link, and signs in with it. */
import { type PublicKeyCredentialCreationOptionsJSON, startRegistration } from '@simplewebauthn/browser'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { signalNotKept } from '../../lib/passkey-signals.ts'
import { trpc } from '../../lib/trpc.ts'
import { useSignedIn } from './session.ts'

/** `onSpent`: the link is of no more use. */
export function useEnrol(secret: string, onSpent: () => void) {
  const { client } = trpc.useUtils()
  const signedIn = useSignedIn()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async () => {
      const { challengeId, options } = await client.auth.enrolment.passkeyOptions.mutate({ secret })
      // The two sides differ only in how they write optional keys.
      const optionsJSON = options as PublicKeyCredentialCreationOptionsJSON
      const response = await startRegistration({ optionsJSON })
      try {
        return await client.auth.enrolment.passkey.mutate({ secret, challengeId, response })
      } catch (error) {
        void signalNotKept(error, options.rp.id, response.id)
        throw error
      }
    },
    onSuccess: (user) => {
      onSpent()
      signedIn(user)
      void navigate({ to: '/settings/security', replace: true })
    },
  })
}
