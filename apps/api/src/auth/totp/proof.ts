/** Judges a password with a one-time code: at a login, and when somebody who is signed in proves it again. */
import type { UserId } from '@matrixos/shared'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { RequestInfo } from '../../http/request.ts'
import type { PasswordQueue } from './password-queue.ts'
import type { TotpStore } from './store.ts'
import { openSecret, verifyTotp } from './totp.ts'

export interface TotpProofOptions {
  platformSecret: string
  store: Pick<TotpStore, 'totp' | 'takeGuess' | 'useStep'>
  passwords: Pick<PasswordQueue, 'verify' | 'dummyVerify'>
  audit: Pick<Audit, 'record'>
  clock: Clock
}

export interface TotpAnswer {
  handle: string
  password: string
  code: string
  /** Who is signed in and proves it again, by the handle above. Absent at a login. */
  by?: UserId
}

/** Whose row no statement finds. */
const NOBODY: UserId = 'usr_nobody'

export type TotpProof = ReturnType<typeof createTotpProof>

/** Answers whose password and code they are. Throws `credential_refused`; every refusal is audited. */
export function createTotpProof({ platformSecret, store, passwords, audit, clock }: TotpProofOptions) {
  return async function prove(request: RequestInfo, { by, ...answer }: TotpAnswer): Promise<UserId> {
    const { totp, user } = (await store.totp(answer.handle)) ?? {}
    // The same words and the same work for every refusal, so that time tells no more than the words do.
    async function refuse(): Promise<never> {
      await audit.record({
        actor: by ?? 'anonymous',
        action: by ? 'step_up_refused' : 'login_refused',
        target: user?.id ?? by ?? 'unknown',
        address: request.address,
        detail: { by: 'totp' },
      })
      const what = by ? 'password or code' : 'handle, password or code'
      throw new AppError('credential_refused', `Incorrect ${what}.`)
    }

    const isTheirs = totp !== undefined && user !== undefined && (!by || user.id === by)
    const isRight = isTheirs
      ? await passwords.verify(totp.passwordHash, answer.password)
      : await passwords.dummyVerify(answer.password)
    // Only who knows the password uses up guesses: nobody else can lock the owner out. The same statement runs for all.
    const mayGuess = await store.takeGuess(isRight && user ? user.id : NOBODY, new Date(clock.now()))
    if (!totp || !user || !isRight || !mayGuess) return refuse()
    const secret = openSecret({ platformSecret, userId: user.id, sealed: totp.sealedSecret })
    const step = verifyTotp({ secret, code: answer.code, now: clock.now(), lastStep: totp.lastStep })
    if (step === null || !(await store.useStep(user.id, step))) return refuse()
    return user.id
  }
}
