/** Where people want their alerts sent. Nothing goes to an address before its owner has opened a link that was sent there. */
import type { UserId } from '@matrixos/shared'
import type { Caller } from '../../access/principal.ts'
import type { Audit, AuditEntry } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database, Tx } from '../../db/database.ts'
import { AppError } from '../../errors.ts'
import { sha256 } from '../../keys.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { Mailer } from '../../ports/mailer.ts'
import type { AddressStore } from './address-store.ts'
import type { Confirmations } from './confirmation.ts'
import { confirmationMail } from './texts.ts'

export interface AddressesOptions {
  db: Database['db']
  store: AddressStore
  /** `null`: this platform sends no mail. */
  mailer: Mailer | null
  confirmations: Confirmations
  /** Links that one account has sent, and that one address is sent by whomever. */
  limits: { perAccount: AttemptLimit; perAddress: AttemptLimit }
  appOrigin: string
  audit: Pick<Audit, 'record'>
  changed: (userId: UserId) => void
  clock: Pick<Clock, 'now'>
}

export type AlertAddresses = ReturnType<typeof createAlertAddresses>

export function createAlertAddresses(options: AddressesOptions) {
  const { db, store, mailer, confirmations, limits, appOrigin, audit, changed, clock } = options

  async function record(tx: Tx, { principal, request }: Caller, action: AuditEntry['action']): Promise<void> {
    const { userId } = principal
    await audit.record({ actor: userId, action, target: userId, address: request.address }, tx)
  }

  async function sendLink(by: Mailer, { principal }: Caller, email: string): Promise<void> {
    const secret = await confirmations.issue(principal.userId, email)
    // Behind the `#`: no server and no log sees it on the way.
    const link = `${appOrigin}/credits/confirm-email#${secret}`
    try {
      await by.send(confirmationMail({ to: email, handle: principal.handle, link }))
    } catch (cause) {
      const text = 'The email could not be sent. Check the address, and try again later.'
      throw new AppError('upstream_unavailable', text, { cause, retryAfterS: 60 })
    }
  }

  return {
    /** Throws `conflict` where no mail can be sent, `too_many_requests`, `upstream_unavailable`. */
    async set(caller: Caller, email: string): Promise<void> {
      const { userId } = caller.principal
      if (!mailer) throw new AppError('conflict', 'This platform sends no email.')
      const known = await store.of(userId)
      if (known?.email === email && known.confirmedAt) return
      await limits.perAccount.take(userId)
      // Not stored as it is, and the same however it is written.
      await limits.perAddress.take(sha256(email.toLowerCase()))
      await sendLink(mailer, caller, email)
      await db.transaction(async (tx) => {
        await store.put(tx, { userId, email, createdAt: new Date(clock.now()) })
        await record(tx, caller, 'alert_address_set')
      })
      changed(userId)
    },

    /** Throws `not_found`. */
    async remove(caller: Caller): Promise<void> {
      const { userId } = caller.principal
      await db.transaction(async (tx) => {
        if (!(await store.remove(tx, userId))) throw new AppError('not_found', 'You have set no address.')
        await record(tx, caller, 'alert_address_removed')
      })
      changed(userId)
    },

    /** Also a second time. Throws `not_found` for a link that is of no use to this person. */
    async confirm(caller: Caller, secret: string): Promise<void> {
      const { userId } = caller.principal
      const claims = await confirmations.read(secret)
      const isTheirs = claims !== null && claims.userId === userId
      const known = isTheirs ? await store.of(userId) : null
      if (!isTheirs || known?.email !== claims.email) throw useless()
      if (known.confirmedAt) return
      await db.transaction(async (tx) => {
        if (!(await store.confirm(tx, userId, claims.email, new Date(clock.now())))) throw useless()
        await record(tx, caller, 'alert_address_confirmed')
      })
      changed(userId)
    },
  }
}

const useless = () =>
  new AppError('not_found', 'This link has expired, or is for another account or address. Send a new one.')
