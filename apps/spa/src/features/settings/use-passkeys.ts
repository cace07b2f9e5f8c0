/** The person's passkeys, and what follows when they change. */
import type { PasskeyView } from '@matrixos/shared'
import { type PublicKeyCredentialCreationOptionsJSON, startRegistration } from '@simplewebauthn/browser'
import { useMutation } from '@tanstack/react-query'
import { passkeyProblem } from '../../lib/passkey.ts'
import { signalAccount, signalNotKept } from '../../lib/passkey-signals.ts'
import { trpc } from '../../lib/trpc.ts'
import { authErrorText } from '../auth/words.ts'

export const usePasskeys = () => trpc.auth.passkeys.list.useQuery()

/** Call it after every change of the list, or of the account's names: it loads anew, and password managers hear of it. */
export function usePasskeysChanged(): () => Promise<void> {
  const utils = trpc.useUtils()
  return async () => {
    await Promise.all([utils.auth.passkeys.list.invalidate(), utils.auth.session.invalidate()])
    await signalAccount(await utils.auth.passkeys.list.fetch())
  }
}

/** Asks the browser for one more passkey, and stores it. */
export function useAddPasskey(onAdded: (passkey: PasskeyView) => void) {
  const { client } = trpc.useUtils()
  const changed = usePasskeysChanged()
  return useMutation({
    mutationFn: async () => {
      const { challengeId, options } = await client.auth.passkeys.addOptions.mutate()
      // The two sides differ only in how they write optional keys.
      const optionsJSON = options as PublicKeyCredentialCreationOptionsJSON
      const response = await startRegistration({ optionsJSON })
      try {
        return await client.auth.passkeys.add.mutate({ challengeId, response })
      } catch (error) {
        void signalNotKept(error, options.rp.id, response.id)
        throw error
      }
    },
    onSuccess: (passkey) => {
      void changed().catch(() => undefined)
      onAdded(passkey)
    },
  })
}

/** `null`: nothing worth saying. */
export const addPasskeyErrorText = (error: unknown): string | null =>
  passkeyProblem(error) === 'exists'
    ? 'This device already holds one of your passkeys. Use another device or a security key.'
    : authErrorText(error)
