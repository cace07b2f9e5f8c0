/** What administrators do to people, one or many: shown first, done to those who were shown, audited for each. */
import {
  MOST_PEOPLE_AT_ONCE,
  type PeopleAction,
  type PeopleActionInput,
  type PeopleOutcome,
  type PeoplePreview,
  type PeopleSelection,
  type UserId,
} from '@matrixos/shared'
import type { Caller } from '../../access/principal.ts'
import type { Audit, AuditEntry } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database, Tx } from '../../db/database.ts'
import { AppError, toAppError } from '../../errors.ts'
import type { TenantService } from '../../tenants/service.ts'
import { requireStillAdmin } from '../roles/service.ts'
import { type Admins, previewTokens, WHY_NOT } from './selection.ts'
import type { PeopleStore, PersonRecord } from './store.ts'
import type { SuspensionStore } from './suspension-store.ts'

export interface PeopleActionsOptions {
  db: Database['db']
  store: PeopleStore
  suspensions: SuspensionStore
  tenants: Pick<TenantService, 'commandByPlatform' | 'setSuspended' | 'suspensionChanged'>
  sessions: {
    /** Deletes them all; the answer says so to every process, once that is committed. */
    endAllOf: (tx: Tx, userIds: UserId[]) => Promise<() => void>
  }
  /** Signs what was shown. */
  key: string
  audit: Audit
  clock: Clock
}

export type PeopleActions = ReturnType<typeof createPeopleActions>

type Failed = PeopleOutcome['failed']

const AUDITED: Record<PeopleAction, AuditEntry['action']> = {
  suspend: 'account_suspended',
  unsuspend: 'account_unsuspended',
  revokeSessions: 'sessions_revoked',
  sleepInstance: 'instance_put_to_sleep',
  wakeInstance: 'instance_woken',
}

export function createPeopleActions(options: PeopleActionsOptions) {
  const { db, store, suspensions, tenants, sessions, audit, clock } = options
  const tokens = previewTokens(options.key)

  function split(people: PersonRecord[], action: PeopleAction, admins: Admins) {
    const touched: PersonRecord[] = []
    const left: { handle: string; why: string }[] = []
    for (const person of people) {
      const why = WHY_NOT[action](person, admins)
      if (why === null) touched.push(person)
      else left.push({ handle: person.user.handle, why })
    }
    return { touched, left }
  }

  const record = (tx: Tx, caller: Caller, action: PeopleAction, person: PersonRecord, detail = {}) =>
    audit.record(
      {
        ...{ actor: caller.principal.userId, action: AUDITED[action], target: person.user.id },
        ...{ address: caller.request.address, detail: { handle: person.user.handle, ...detail } },
      },
      tx,
    )

  /** Those whom the action touches by now, of those who were shown: all of them stay as they are until it is done. */
  async function lock(tx: Tx, caller: Caller, action: PeopleAction, ids: UserId[]) {
    const adminId = caller.principal.userId
    const adminIds = await store.lockAdmins(tx)
    requireStillAdmin(adminId, adminIds)
    await suspensions.lock(tx, ids)
    const people = await store.selected({ ids }, MOST_PEOPLE_AT_ONCE, tx)
    const { touched, left } = split(people, action, { adminId, adminIds })
    // Of several administrators at once, somebody must remain.
    const others = adminIds.filter((id) => !touched.some(({ user }) => user.id === id))
    if (action === 'suspend' && others.length === 0)
      throw new AppError('conflict', 'No administrator would be left.')
    const failed: Failed = left.map(({ handle, why }) => ({ handle, message: why }))
    return { touched, failed, userIds: touched.map(({ user }) => user.id) }
  }

  function requireShown(caller: Caller, action: PeopleAction, { ids, token }: PeopleActionInput): void {
    if (tokens.isGenuine(token, action, caller.principal.userId, ids)) return
    throw new AppError('conflict', 'These are not the people that you were shown. Look at the list again.')
  }

  async function setSuspended(
    caller: Caller,
    action: 'suspend' | 'unsuspend',
    ids: UserId[],
    reason: string | null,
  ): Promise<PeopleOutcome> {
    const isSuspended = action === 'suspend'
    const done = await db.transaction(async (tx) => {
      const { touched, failed, userIds } = await lock(tx, caller, action, ids)
      await suspensions.set(tx, userIds, isSuspended ? { at: new Date(clock.now()), reason } : null)
      const rows = await tenants.setSuspended(tx, userIds, isSuspended)
      const announce = await sessions.endAllOf(tx, isSuspended ? userIds : [])
      for (const person of touched)
        await record(tx, caller, action, person, reason === null ? {} : { reason })
      return { count: touched.length, failed, rows, announce }
    })
    done.announce()
    for (const row of done.rows) tenants.suspensionChanged(row)
    return { done: done.count, failed: done.failed }
  }

  async function revokeSessions(caller: Caller, ids: UserId[]): Promise<PeopleOutcome> {
    const done = await db.transaction(async (tx) => {
      const { touched, failed, userIds } = await lock(tx, caller, 'revokeSessions', ids)
      const announce = await sessions.endAllOf(tx, userIds)
      for (const person of touched) await record(tx, caller, 'revokeSessions', person)
      return { count: touched.length, failed, announce }
    })
    done.announce()
    return { done: done.count, failed: done.failed }
  }

  /** One after the other: each is a wish that the reconciler follows. */
  async function command(
    caller: Caller,
    action: 'sleepInstance' | 'wakeInstance',
    ids: UserId[],
  ): Promise<PeopleOutcome> {
    const { touched, failed } = await db.transaction((tx) => lock(tx, caller, action, ids))
    const outcome: PeopleOutcome = { done: 0, failed }
    for (const person of touched) {
      try {
        await tenants.commandByPlatform(person.user.id, action === 'sleepInstance' ? 'sleep' : 'wake')
        await db.transaction((tx) => record(tx, caller, action, person))
        outcome.done++
      } catch (error) {
        failed.push({ handle: person.user.handle, message: toAppError(error).message })
      }
    }
    return outcome
  }

  return {
    /** Throws `invalid_input` for more than can be touched at once. */
    async preview(
      { userId: adminId }: { userId: UserId },
      { selection, action }: { selection: PeopleSelection; action: PeopleAction },
    ): Promise<PeoplePreview> {
      const found = await store.selected(selection, MOST_PEOPLE_AT_ONCE + 1)
      if (found.length > MOST_PEOPLE_AT_ONCE) {
        const text = `This would touch more than ${MOST_PEOPLE_AT_ONCE} people. Narrow the search first.`
        throw new AppError('invalid_input', text)
      }
      const adminIds = await store.admins()
      const { touched, left } = split(found, action, { adminId, adminIds })
      const people = touched.map(({ user: { id, handle } }) => ({ id, handle }))
      const token = tokens.issue(
        action,
        adminId,
        people.map(({ id }) => id),
      )
      return { token, people, skipped: left }
    },

    /** Throws `conflict` for anybody whom the preview did not show. */
    async suspend(caller: Caller, input: PeopleActionInput & { reason: string }): Promise<PeopleOutcome> {
      requireShown(caller, 'suspend', input)
      return setSuspended(caller, 'suspend', input.ids, input.reason)
    },

    async run(
      caller: Caller,
      action: Exclude<PeopleAction, 'suspend'>,
      input: PeopleActionInput,
    ): Promise<PeopleOutcome> {
      requireShown(caller, action, input)
      if (action === 'unsuspend') return setSuspended(caller, action, input.ids, null)
      if (action === 'revokeSessions') return revokeSessions(caller, input.ids)
      return command(caller, action, input.ids)
    },
  }
}
