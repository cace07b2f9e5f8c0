/** People as administrators see them. */
import type {
  AuditEntryView,
  InstanceEventView,
  InstanceId,
  InstanceView,
  OneTimeLinkView,
  PeopleFilter,
  PeoplePageView,
  PersonView,
  pageInputSchema,
  UsageView,
  UserId,
} from '@matrixos/shared'
import { normalizeHandle } from '@matrixos/shared'
import type { z } from 'zod'
import type { Caller } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import { timeCursor } from '../../db/time-cursor.ts'
import { AppError } from '../../errors.ts'
import { protectionOf } from './protection.ts'
import type { PeopleStore, PersonRecord } from './store.ts'

/** A one-time link by which somebody who lost every way to sign in gets a new one. Audits it, and tells the owner. */
export type IssueEnrolmentLink = (options: {
  userId: UserId
  createdBy: UserId | 'server'
  address: string
}) => Promise<{ url: string; expiresAt: Date }>

export interface PeopleOptions {
  store: PeopleStore
  instances: {
    viewOf: (userId: UserId) => Promise<InstanceView | null>
    /** Throws what the engine says. */
    outputOf: (userId: UserId, lines: number) => Promise<string>
    usageOf: (userId: UserId) => Promise<UsageView | null>
    timeline: (instanceId: InstanceId, limit: number) => Promise<InstanceEventView[]>
  }
  audits: { about: (ids: string[], limit: number) => Promise<AuditEntryView[]> }
  admins: () => Promise<UserId[]>
  issueEnrolmentLink: IssueEnrolmentLink
  audit: Audit
  clock: Clock
}

export type People = ReturnType<typeof createPeople>

const LOG_LINES = 200
const MOST_SESSIONS = 50
const MOST_EVENTS = 100
const MOST_ENTRIES = 50

export const noSuchPerson = () =>
  new AppError('not_found', 'Nobody has this handle. The account may have been deleted.')

const rowView = ({ user, instance }: PersonRecord) => ({
  ...{ id: user.id, handle: user.handle, displayName: user.displayName, role: user.role },
  instance: instance && { id: instance.id, desired: instance.desired, observed: instance.observed },
  isThrottled: instance !== null && instance.throttledAt !== null,
  createdAt: user.createdAt.toISOString(),
  lastSeenAt: user.lastSeenAt?.toISOString() ?? null,
  suspendedAt: user.suspendedAt?.toISOString() ?? null,
})

export function createPeople(options: PeopleOptions) {
  const { store, instances, audits, admins, issueEnrolmentLink, audit, clock } = options

  async function find(handle: string): Promise<PersonRecord> {
    const found = await store.byHandle(normalizeHandle(handle))
    if (!found) throw noSuchPerson()
    return found
  }

  async function sessionsOf(userId: UserId): Promise<PersonView['sessions']> {
    const rows = await store.sessions(userId, new Date(clock.now()), MOST_SESSIONS)
    return rows.map(({ id, userAgent, address, method, createdAt, lastUsedAt }) => ({
      ...{ id, userAgent, address, method },
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
    }))
  }

  return {
    async list(input: z.output<typeof pageInputSchema> & { filter: PeopleFilter }): Promise<PeoplePageView> {
      const { filter, limit } = input
      const before = timeCursor.read(input.cursor)
      const [found, total] = await Promise.all([store.page(filter, before, limit + 1), store.total(filter)])
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1)?.user : undefined
      const nextCursor = last ? timeCursor.write(last.createdAt, last.id) : null
      return { items: items.map(rowView), nextCursor, total }
    },

    /** Throws `not_found`. */
    async get({ userId: adminId }: { userId: UserId }, handle: string): Promise<PersonView> {
      const found = await find(handle)
      const { user, instance } = found
      const [methods, sessions, view, timeline, entries, adminIds] = await Promise.all([
        store.methods(user.id),
        sessionsOf(user.id),
        instances.viewOf(user.id),
        instance ? instances.timeline(instance.id, MOST_EVENTS) : [],
        audits.about(instance ? [user.id, instance.id] : [user.id], MOST_ENTRIES),
        admins(),
      ])
      return {
        ...rowView(found),
        suspendedReason: user.suspendedReason,
        ...{ methods, sessions, timeline, audit: entries },
        instance: view,
        protected: protectionOf(user.id, { adminId, adminIds }),
      }
    },

    /** Throws `not_found` for the handle; what the engine says is part of the answer. */
    async log(handle: string) {
      const { user } = await find(handle)
      try {
        return { text: await instances.outputOf(user.id, LOG_LINES), problem: null }
      } catch (error) {
        if (error instanceof AppError) return { text: '', problem: error.code }
        throw error
      }
    },

    /** Throws `not_found` for the handle. */
    usage: async (handle: string): Promise<UsageView | null> =>
      instances.usageOf((await find(handle)).user.id),

    /** Throws `not_found`. */
    async enrolmentLink(
      { principal, request }: Caller,
      { id, proof }: { id: UserId; proof: string },
    ): Promise<OneTimeLinkView> {
      const found = (await store.selected({ ids: [id] }, 1))[0]
      if (!found) throw noSuchPerson()
      const { address } = request
      const entry = { actor: principal.userId, action: 'account_recovery_approved', target: id } as const
      await audit.record({ ...entry, address, detail: { proof } })
      const { url, expiresAt } = await issueEnrolmentLink({
        userId: id,
        createdBy: principal.userId,
        address,
      })
      return { url, expiresAt: expiresAt.toISOString() }
    },

    /** By the server's command line, whose user could read everything anyway. Throws `not_found`. */
    async enrolmentLinkByServer(handle: string): Promise<OneTimeLinkView> {
      const { user } = await find(handle)
      const link = await issueEnrolmentLink({ userId: user.id, createdBy: 'server', address: '' })
      return { url: link.url, expiresAt: link.expiresAt.toISOString() }
    },
  }
}
