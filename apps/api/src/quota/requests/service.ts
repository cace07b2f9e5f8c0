/** People ask for more credits, one request at a time; administrators approve it, also with another amount, or deny it. */
import {
  type answerRequestSchema,
  type CreditRequestView,
  formatUsd,
  type OpenRequestView,
  parseUsd,
  type requestCreditsSchema,
  type UserId,
} from '@matrixos/shared'
import type { z } from 'zod'
import type { Caller } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Notices } from '../../auth/notices/service.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { AppError, uniqueViolation } from '../../errors.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { AccountStore } from '../budget/account-store.ts'
import { byCaller, type Grants, noSuchPerson } from '../budget/grants.ts'
import type { AllowanceOf } from '../budget/plans.ts'
import { standingOf } from '../budget/standing.ts'
import type { RequestStore } from './store.ts'
import { requestView } from './view.ts'

export interface RequestsOptions {
  db: Database['db']
  store: RequestStore
  people: Pick<AccountStore, 'byId'>
  grants: Pick<Grants, 'add'>
  allowanceOf: AllowanceOf
  notices: Pick<Notices, 'add'>
  audit: Pick<Audit, 'record'>
  /** Of one account. */
  limit: AttemptLimit
  changed: (userId: UserId) => void
  clock: Pick<Clock, 'now'>
}

export type CreditRequests = ReturnType<typeof createCreditRequests>

type Answer = z.output<typeof answerRequestSchema>

export function createCreditRequests(options: RequestsOptions) {
  const { db, store, people, grants, allowanceOf, notices, audit, changed, clock } = options
  const now = () => new Date(clock.now())

  async function latest(userId: UserId): Promise<CreditRequestView> {
    const row = await store.latest(userId)
    if (!row) throw new AppError('not_found', 'There is no such request.')
    return requestView(row)
  }

  return {
    /** Throws `conflict` while one is open, `too_many_requests`. */
    async ask(caller: Caller, { amount, reason }: z.output<typeof requestCreditsSchema>) {
      const { userId } = caller.principal
      await options.limit.take(userId)
      const row = { userId, amount: parseUsd(amount), reason, createdAt: now() }
      try {
        await db.transaction(async (tx) => {
          await store.insert(tx, row)
          const detail = { amount, reason }
          await audit.record({ ...byCaller(caller), action: 'credits_requested', target: userId, detail }, tx)
        })
      } catch (error) {
        if (uniqueViolation(error) !== 'credit_requests_open') throw error
        const text = 'You have asked for more already. Wait for the answer, or withdraw the request first.'
        throw new AppError('conflict', text, { cause: error })
      }
      changed(userId)
      return latest(userId)
    },

    /** Throws `conflict` for one that is not open any more. */
    async withdraw(caller: Caller, id: number): Promise<void> {
      const { userId } = caller.principal
      await db.transaction(async (tx) => {
        const gone = await store.withdraw(tx, userId, { id, at: now() })
        if (!gone)
          throw new AppError('conflict', 'You have no such open request. It may have been answered just now.')
        await audit.record({ ...byCaller(caller), action: 'credit_request_withdrawn', target: userId }, tx)
      })
      changed(userId)
    },

    /** Longest waiting first. */
    async open(): Promise<OpenRequestView[]> {
      const rows = await store.open()
      return rows.map(({ request, handle, plan, account }) => {
        const { spent, limit } = standingOf(account, allowanceOf(plan), now())
        return { ...requestView(request), handle, spent: formatUsd(spent), limit: formatUsd(limit) }
      })
    },

    /** Throws `conflict` for one that is not open any more. */
    async answer(caller: Caller, verdict: Answer): Promise<void> {
      const by = byCaller(caller)
      const approved = verdict.verdict === 'approve' ? parseUsd(verdict.amount) : null
      const message = verdict.answer || null
      const row = await db.transaction(async (tx) => {
        const answered = await store.answer(tx, verdict.id, {
          state: approved === null ? 'denied' : 'approved',
          ...{ granted: approved, answer: message, answeredBy: caller.principal.userId, answeredAt: now() },
        })
        if (!answered) throw new AppError('conflict', 'This request was answered or withdrawn meanwhile.')
        const person = await people.byId(answered.userId, tx)
        if (!person) throw noSuchPerson()
        if (approved === null) {
          await notices.add({ userId: person.id, kind: 'credits_denied', address: '' }, tx)
          const detail = { handle: person.handle, ...(message && { answer: message }) }
          await audit.record({ ...by, action: 'credits_denied', target: person.id, detail }, tx)
        } else await grants.add(tx, person, { amount: approved, message, by })
        return answered
      })
      changed(row.userId)
    },
  }
}
