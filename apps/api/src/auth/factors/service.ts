/** Changes to a person's ways to sign in: one at a time, and never to none. */
import type { UserId } from '@matrixos/shared'
import type { Database, Tx } from '../../db/database.ts'
import { AppError, uniqueViolation } from '../../errors.ts'
import { PASSKEY_TAKEN } from '../../texts.ts'
import type { UserRow } from '../accounts/store.ts'
import type { PasskeyRow, PasskeyStore } from '../passkeys/store.ts'
import type { FactorStore } from './store.ts'

export interface FactorsOptions {
  db: Database['db']
  store: FactorStore
  passkeys: Pick<PasskeyStore, 'insertPasskey'>
  /** Passkeys that one account may hold. */
  mostPasskeys: number
}

export type Factors = ReturnType<typeof createFactors>

export function createFactors({ db, store, passkeys, mostPasskeys }: FactorsOptions) {
  /** Runs `work` while nobody else changes this person's factors. */
  const exclusively = <T>(userId: UserId, work: (tx: Tx, user: UserRow) => Promise<T>): Promise<T> =>
    db.transaction(async (tx) => {
      const user = await store.lock(tx, userId)
      if (!user) throw new AppError('not_found', 'This account no longer exists.')
      return work(tx, user)
    })

  return {
    exclusively,

    /**
     * `also` runs in the same transaction. Throws `credential_taken` where an account, also this one, has the passkey,
     * and `conflict` beyond the limit.
     */
    async addPasskey(row: PasskeyRow, also: (tx: Tx) => Promise<void>, most = mostPasskeys): Promise<void> {
      try {
        await exclusively(row.userId, async (tx) => {
          if ((await store.count(tx, row.userId)).passkeys >= most)
            throw new AppError('conflict', `An account can hold ${most} passkeys. Remove one first.`)
          await passkeys.insertPasskey(tx, row)
          await also(tx)
        })
      } catch (error) {
        if (uniqueViolation(error) !== 'passkeys_pkey') throw error
        throw new AppError('credential_taken', PASSKEY_TAKEN, { cause: error })
      }
    },

    /** Undoes `remove` and throws `conflict` where no way to sign in would be left. */
    remove: (userId: UserId, remove: (tx: Tx) => Promise<void>): Promise<void> =>
      exclusively(userId, async (tx) => {
        await remove(tx)
        const left = await store.count(tx, userId)
        if (left.passkeys + left.totp > 0) return
        throw new AppError(
          'conflict',
          'This is your only way to sign in. Add another one before you remove it.',
        )
      }),
  }
}
