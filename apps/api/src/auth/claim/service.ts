/**
 * One person's own computer is claimed by whoever reads its log: sign-up asks for a code that is printed at each start
 * until somebody has, and is closed from then on. The code is in no file and no database; this process keeps its hash.
 *
 * Nobody guesses 120 bits. So wrong codes never replace the right one, and never stand in its way: a stranger could
 * keep the owner out with them, and gain nothing else.
 */
import { timingSafeEqual } from 'node:crypto'
import type { SignUpMode } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Tx } from '../../db/database.ts'
import { AppError } from '../../errors.ts'
import { networkOf } from '../../http/network.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { InviteCheck } from '../accounts/sign-up-mode.ts'
import { newRecoveryCode, recoveryCodeHash } from '../recovery/code.ts'

/** Wrong ones, by all networks together, that are no slips of the owner's any more. */
export const MANY_WRONG = 100

export interface ClaimOptions {
  /** Whether somebody has claimed it before. */
  isClaimed: boolean
  /** Holds off every other account that is being made until the transaction ends, then answers whether there is one. */
  hasOwner: (tx: Tx) => Promise<boolean>
  /** Tells the operator, and nobody else. */
  print: (code: string) => void
  /** Tells the operator that somebody guesses, once. */
  onGuesses: () => void
  /** Codes that are wrong, by network. */
  guesses: AttemptLimit
  clock: Pick<Clock, 'random'>
}

export interface ClaimDoor {
  signUpMode: () => SignUpMode
  invites: InviteCheck
  /** Somebody has claimed it. The code is worth nothing from now on, even if they leave. */
  close: () => void
}

const wrong = () =>
  new AppError(
    'invite_required',
    'This is not the code in the log. Each start of this computer prints a new one.',
  )
const closed = () => new AppError('sign_up_closed', 'This computer has been claimed.')

export function createClaim(options: ClaimOptions): ClaimDoor {
  const { isClaimed, hasOwner, print, onGuesses, guesses, clock } = options
  let expected: string | null = null
  let wrongOnes = 0

  const isRight = (hash: string): boolean =>
    expected !== null &&
    hash.length === expected.length &&
    timingSafeEqual(Buffer.from(hash), Buffer.from(expected))

  if (!isClaimed) {
    const code = newRecoveryCode(clock.random)
    expected = recoveryCodeHash(code)
    print(code)
  }

  return {
    signUpMode: () => (expected === null ? 'closed' : 'invite'),
    invites: {
      /** Answers the code's hash: the code itself is not to be kept with what the sign-up began. */
      async check(address, typed) {
        const hash = recoveryCodeHash(typed)
        if (isRight(hash)) return hash
        if (expected !== null && ++wrongOnes === MANY_WRONG) onGuesses()
        await guesses.take(networkOf(address))
        throw wrong()
      },
      async spend(tx, hash) {
        if (await hasOwner(tx)) throw closed()
        if (!isRight(hash)) throw wrong()
      },
    },
    close: () => {
      expected = null
    },
  }
}
