/** Who may sign up at all: everybody, whoever has an invite, or nobody. Asked anew at each step of a sign-up. */
import type { SignUpMode } from '@matrixos/shared'
import type { Tx } from '../../db/database.ts'
import { AppError } from '../../errors.ts'

/** What a sign-up needs of invites. */
export interface InviteCheck {
  /** Answers the code as it is stored. Throws `invite_required`, or `too_many_requests` after too many wrong ones. */
  check: (address: string, typed: string) => Promise<string>
  /** In the account's transaction. Throws `invite_required`. */
  spend: (tx: Tx, code: string) => Promise<void>
}

export interface SignUpDoorOptions {
  /** As it is now. */
  mode: () => SignUpMode
  invites: InviteCheck
}

export type SignUpDoor = ReturnType<typeof createSignUpDoor>

const closed = () => new AppError('sign_up_closed', 'New accounts cannot be created here at the moment.')
const inviteMissing = () =>
  new AppError('invite_required', 'You need an invite code to create an account here.')

export function createSignUpDoor({ mode, invites }: SignUpDoorOptions) {
  return {
    mode,

    /** Throws `sign_up_closed`: before anything else of a sign-up. */
    requireOpen(): void {
      if (mode() === 'closed') throw closed()
    },

    /**
     * Before the person makes a passkey in vain. Answers the code to come back with, `null` where none is needed.
     * Throws `invite_required`, or `too_many_requests` after too many wrong codes.
     */
    async check(address: string, code: string | undefined): Promise<string | null> {
      if (mode() !== 'invite') return null
      if (!code) throw inviteMissing()
      return invites.check(address, code)
    },

    /** In the transaction that makes the account: one that fails gives the invite's use back. Answers what it spent. */
    async pass(tx: Tx, code: string | null): Promise<string | null> {
      this.requireOpen()
      if (mode() !== 'invite') return null
      if (!code) throw inviteMissing()
      await invites.spend(tx, code)
      return code
    },
  }
}
