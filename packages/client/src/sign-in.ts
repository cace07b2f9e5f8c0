/** Signing up and logging in with a passkey. */
import type { UserView } from '@matrixos/shared'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { Client } from './client.ts'
import { withProof } from './proof-of-work.ts'

/** Holds passkeys. `origin`: of the page that asks, which the answer is bound to. */
export interface PasskeyDevice {
  create: (
    options: PublicKeyCredentialCreationOptionsJSON,
    page: { origin: string },
  ) => RegistrationResponseJSON | Promise<RegistrationResponseJSON>
  get: (
    options: PublicKeyCredentialRequestOptionsJSON,
    page: { origin: string },
  ) => AuthenticationResponseJSON | Promise<AuthenticationResponseJSON>
}

interface SignIn {
  client: Client
  authenticator: PasskeyDevice
}

export async function signUp({
  client,
  authenticator,
  handle,
  invite,
}: SignIn & { handle: string; invite?: string }): Promise<UserView> {
  const wanted = { handle, ...(invite === undefined ? {} : { invite }) }
  const { challengeId, options } = await withProof(client, (proof) =>
    client.trpc.auth.registerPasskeyOptions.mutate({ ...wanted, ...proof }),
  )
  const response = await authenticator.create(options, { origin: client.hosts.appOrigin })
  return client.trpc.auth.registerPasskey.mutate({ challengeId, response })
}

/** With whichever passkey the device chooses. */
export async function logIn({ client, authenticator }: SignIn): Promise<UserView> {
  const { challengeId, options } = await client.trpc.auth.loginPasskeyOptions.mutate()
  const response = await authenticator.get(options, { origin: client.hosts.appOrigin })
  return client.trpc.auth.loginPasskey.mutate({ challengeId, response })
}
