/** The fallback: sign-up and login with a password and an authenticator app. */
import { type Id, newId, TOTP_GUESSES, type UserId } from '@matrixos/shared'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import { networkOf } from '../../http/network.ts'
import type { RequestInfo } from '../../http/request.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { Accounts } from '../accounts/service.ts'
import type { Challenges } from '../challenges/service.ts'
import type { Sessions } from '../sessions/service.ts'
import { passwordProblem } from './password.ts'
import type { PasswordQueue } from './password-queue.ts'
import type { TotpProof } from './proof.ts'
import type { TotpStore } from './store.ts'
import { newTotpSecret, openSecret, otpauthUrl, sealSecret, verifyTotp } from './totp.ts'

export interface TotpLoginOptions {
  issuer: string
  platformSecret: string
  accounts: Accounts
  store: TotpStore
  prove: TotpProof
  challenges: Challenges
  sessions: Pick<Sessions, 'open'>
  /** Password attempts for one handle from one network. */
  passwordAttempts: AttemptLimit
  /** Password attempts for one handle from networks that its owner has not signed in from. */
  strangersPasswords: AttemptLimit
  passwords: PasswordQueue
  audit: Audit
  clock: Clock
}

/** How long a network counts as known after a sign-in from it. */
const KNOWN_FOR_MS = 30 * 86_400_000

export type TotpLogin = ReturnType<typeof createTotpLogin>

export function createTotpLogin(options: TotpLoginOptions) {
  const { platformSecret, accounts, store, prove, challenges, sessions, passwords, passwordAttempts } =
    options
  const { audit, clock } = options
  return {
    async registerStart(
      request: RequestInfo,
      input: { handle: string; password: string; invite?: string | undefined },
    ) {
      const { handle, invite } = await accounts.requireFree(request, input)
      const problem = passwordProblem(input.password, handle)
      if (problem) throw new AppError('invalid_input', problem)
      const userId = newId('usr', clock)
      const secret = newTotpSecret(clock.random)
      const passwordHash = await passwords.hash(input.password, clock.random)
      const sealedSecret = sealSecret({ platformSecret, userId, secret, random: clock.random })
      const payload = { handle, invite, userId, passwordHash, sealedSecret }
      const challengeId = await challenges.issue(request, 'register_totp', payload)
      return { challengeId, secret, otpauthUrl: otpauthUrl({ secret, handle, issuer: options.issuer }) }
    },

    /** The account exists from the first right code on; a wrong one may be typed again, five times in all. */
    async register(request: RequestInfo, input: { challengeId: Id<'chl'>; code: string }): Promise<UserId> {
      const payload = await challenges.attempt(request, 'register_totp', input.challengeId, TOTP_GUESSES)
      const userId = payload.userId as UserId
      const secret = openSecret({ platformSecret, userId, sealed: payload.sealedSecret })
      const lastStep = verifyTotp({ secret, code: input.code, now: clock.now(), lastStep: null })
      if (lastStep === null) {
        throw new AppError('credential_refused', 'Incorrect code. Enter the one your app shows now.')
      }
      await challenges.take(request, 'register_totp', input.challengeId)
      const { handle, invite, passwordHash, sealedSecret } = payload
      const person = { handle, invite, userId, webauthnId: clock.random(64) }
      const user = await accounts.create(request, person, (tx) =>
        store.insertTotp(tx, { userId, passwordHash, sealedSecret, lastStep }),
      )
      await sessions.open(request, user.id, 'totp')
      return user.id
    },

    async login(
      request: RequestInfo,
      input: { handle: string; password: string; code: string },
    ): Promise<UserId> {
      const network = networkOf(request.address)
      await passwordAttempts.take(`${input.handle} ${network}`)
      const known = await store.addressesOf(input.handle, new Date(clock.now() - KNOWN_FOR_MS))
      if (!known.some((address) => networkOf(address) === network)) {
        await options.strangersPasswords.take(input.handle)
      }
      const userId = await prove(request, input)
      await sessions.open(request, userId, 'totp')
      const entry = { actor: userId, target: userId, address: request.address } as const
      await audit.record({ ...entry, action: 'login', detail: { by: 'totp' } })
      return userId
    },
  }
}
