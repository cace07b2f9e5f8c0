/** What administrators let somebody spend: more, once, or other limits than the plan's. */
import {
  formatUsd,
  normalizeHandle,
  type PersonLimitsView,
  parseUsd,
  type personLimitsSchema,
  type UserId,
} from '@matrixos/shared'
import type { z } from 'zod'
import type { Caller } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Notices } from '../../auth/notices/service.ts'
import type { Database, Tx } from '../../db/database.ts'
import { AppError } from '../../errors.ts'
import type { Allowance } from '../../ports/ledger.ts'
import type { AccountStore, Person } from './account-store.ts'
import type { AllowanceOf } from './plans.ts'
import { monthOf, type Standing, standingOf } from './standing.ts'
import type { CreditAccount, CreditStore } from './store.ts'

export interface GrantsOptions {
  db: Database['db']
  store: AccountStore
  credits: Pick<CreditStore, 'account'>
  allowanceOf: AllowanceOf
  notices: Pick<Notices, 'add'>
  audit: Pick<Audit, 'record'>
  changed: (userId: UserId) => void
}

/** Who did it, and from where: `server` for its command line. */
export interface By {
  actor: UserId | 'server'
  address: string
}

export const byCaller = ({ principal, request }: Caller): By => ({
  actor: principal.userId,
  address: request.address,
})
const SERVER: By = { actor: 'server', address: 'local' }

export type Grants = ReturnType<typeof createGrants>

export const noSuchPerson = () =>
  new AppError('not_found', 'Nobody has this handle. The account may have been deleted.')

/** The account as the period of now has it. */
const rolled = (standing: Standing, now: Date): Partial<CreditAccount> =>
  standing.isOver
    ? {
        ...{ spent: standing.spent, granted: standing.granted, alertRound: standing.alertRound },
        ...{ periodStartsAt: monthOf(now), periodEndsAt: standing.periodEndsAt },
      }
    : {}

export function createGrants(options: GrantsOptions) {
  const { db, store, credits, allowanceOf, notices, audit, changed } = options

  async function personOf(handle: string): Promise<Person> {
    const person = await store.byHandle(normalizeHandle(handle))
    if (!person) throw noSuchPerson()
    return person
  }

  /** Throws `not_found`. */
  async function lock(tx: Tx, { id, plan }: Person) {
    const found = await store.lock(tx, id)
    if (!found) throw noSuchPerson()
    return { ...found, standing: standingOf(found.account, allowanceOf(plan), found.now) }
  }

  /** Within the transaction that says why. Each threshold is reported anew, of the new limit. */
  async function add(
    tx: Tx,
    person: Person,
    { amount, message, by }: { amount: bigint; message: string | null; by: By },
  ): Promise<void> {
    const { standing, now } = await lock(tx, person)
    const [granted, alertRound] = [standing.granted + amount, standing.alertRound + 1]
    await store.write(tx, person.id, { ...rolled(standing, now), granted, alertRound })
    await store.insertGrant(tx, { userId: person.id, amount, message, grantedBy: by.actor, at: now })
    // Not from where: that is the administrator's address.
    await notices.add({ userId: person.id, kind: 'credits_granted', address: '' }, tx)
    const detail = { handle: person.handle, amount: formatUsd(amount), ...(message && { message }) }
    await audit.record({ ...by, action: 'credits_granted', target: person.id, detail }, tx)
  }

  async function view({ id, plan }: Person, now: Date): Promise<PersonLimitsView> {
    const [found, grants] = await Promise.all([credits.account(id), store.grants(id)])
    const account = found?.account ?? null
    const allowance = allowanceOf(plan)
    return {
      ...{ callsAtOnce: account?.callsAtOnce ?? null, callsPerMinute: account?.callsPerMinute ?? null },
      credits: account && account.credits !== null ? formatUsd(account.credits) : null,
      plan: { ...allowance, credits: formatUsd(allowance.credits) },
      ...figuresOf(standingOf(account, allowance, now)),
      grants: grants.map(({ grant, by }) => ({
        ...{ amount: formatUsd(grant.amount), message: grant.message, at: grant.at.toISOString() },
        grantedBy: grant.grantedBy === 'server' ? 'server' : by,
      })),
    }
  }

  async function grant(person: Person, by: By, amount: bigint, message: string | null): Promise<void> {
    await db.transaction((tx) => add(tx, person, { amount, message, by }))
    changed(person.id)
  }

  async function set(person: Person, by: By, change: (before: Limits) => Limits): Promise<void> {
    await db.transaction(async (tx) => {
      const { account, standing, now } = await lock(tx, person)
      const limits = change(pickLimits(account))
      const round = standing.alertRound + (isNewLimit(account, limits, allowanceOf(person.plan)) ? 1 : 0)
      await store.write(tx, person.id, { ...rolled(standing, now), ...limits, alertRound: round })
      const detail = { handle: person.handle, from: limitsOf(account), to: limitsOf(limits) }
      await audit.record({ ...by, action: 'credit_limits_set', target: person.id, detail }, tx)
    })
    changed(person.id)
  }

  return {
    add,
    view: async (handle: string, now: Date) => view(await personOf(handle), now),

    async grant(
      caller: Caller,
      o: { handle: string; amount: string; message?: string | undefined },
      now: Date,
    ) {
      const person = await personOf(o.handle)
      await grant(person, byCaller(caller), parseUsd(o.amount), o.message || null)
      return view(person, now)
    },

    /** For `npm run admin -- credits`: what they may spend from now on. */
    async grantByServer(o: { handle: string; amount: string }, now: Date): Promise<{ limit: string }> {
      const person = await personOf(o.handle)
      await grant(person, SERVER, parseUsd(o.amount), null)
      return { limit: (await view(person, now)).limit }
    },

    /** Below what is spent is allowed: it refuses every call from then on. */
    async setLimits(caller: Caller, wanted: z.output<typeof personLimitsSchema>, now: Date) {
      const { handle, ...limits } = wanted
      const person = await personOf(handle)
      await set(person, byCaller(caller), () => ({ ...limits, credits: creditsOf(wanted.credits) }))
      return view(person, now)
    },

    /** For `npm run admin -- limit`; `null`: what the plan gives. */
    async setCreditsByServer(
      o: { handle: string; credits: string | null },
      now: Date,
    ): Promise<{ limit: string }> {
      const person = await personOf(o.handle)
      await set(person, SERVER, (before) => ({ ...before, credits: creditsOf(o.credits) }))
      return { limit: (await view(person, now)).limit }
    },
  }
}

const creditsOf = (text: string | null): bigint | null => (text === null ? null : parseUsd(text))

type Limits = Pick<CreditAccount, 'credits' | 'callsAtOnce' | 'callsPerMinute'>

const pickLimits = ({ credits, callsAtOnce, callsPerMinute }: Limits): Limits => ({
  ...{ credits, callsAtOnce, callsPerMinute },
})

const isNewLimit = (before: Limits, after: Limits, allowance: Allowance): boolean =>
  (before.credits ?? allowance.credits) !== (after.credits ?? allowance.credits)

const limitsOf = ({ credits, callsAtOnce, callsPerMinute }: Limits) => ({
  ...{ credits: credits === null ? null : formatUsd(credits), callsAtOnce, callsPerMinute },
})

const figuresOf = (standing: Standing) => ({
  granted: formatUsd(standing.granted),
  spent: formatUsd(standing.spent),
  held: formatUsd(standing.held),
  limit: formatUsd(standing.limit),
})
