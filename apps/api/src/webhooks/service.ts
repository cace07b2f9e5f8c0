/** A person's webhooks: made, listed, tried, removed; what was sent, and sent again. */
import {
  type DeliveryPage,
  type DeliveryView,
  type Id,
  type NewWebhook,
  newId,
  type UserId,
  type WebhookView,
} from '@matrixos/shared'
import type { Caller } from '../access/principal.ts'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { Seal } from '../seal.ts'
import { checkUrl, DestinationRefused } from './destination.ts'
import type { DeliveryQueue } from './queue.ts'
import { newSecret } from './signature.ts'
import type { DeliveryRow, WebhookStore } from './store.ts'

export interface WebhooksOptions {
  store: WebhookStore
  queue: Pick<DeliveryQueue, 'put'>
  seal: Seal['seal']
  /** Whether private networks may be written to. */
  toPrivate: boolean
  mostWebhooks: number
  /** Deliveries that one person asks for: repeated ones, and those that only try the address. */
  asked: AttemptLimit
  /** Something is due now. */
  look: () => void
  audit: Audit
  clock: Clock
}

export type Webhooks = ReturnType<typeof createWebhooks>

const none = () => new AppError('not_found', 'You have no such webhook. It may have been removed.')

const deliveryView = (row: DeliveryRow): DeliveryView => ({
  ...{ id: row.id, eventId: row.eventId, type: row.type, body: row.body },
  ...{ createdAt: row.createdAt.toISOString(), state: row.outcome ?? 'waiting', attempts: row.attempts },
  lastAttemptAt: row.lastAttemptAt?.toISOString() ?? null,
  nextAttemptAt: row.doneAt ? null : row.nextAttemptAt.toISOString(),
  ...{ status: row.status, problem: row.problem },
})

/** What it is bound to: it opens for no other webhook. */
export const ownerOf = (id: Id<'whk'>): string => id

function requireAllowed(url: string, toPrivate: boolean): void {
  if (toPrivate) return
  try {
    checkUrl(url)
  } catch (error) {
    if (error instanceof DestinationRefused) throw new AppError('invalid_input', error.message)
    throw error
  }
}

export function createWebhooks(options: WebhooksOptions) {
  const { store, seal, toPrivate, mostWebhooks, audit, clock } = options

  return {
    async list(userId: UserId): Promise<WebhookView[]> {
      const [rows, lasts] = await Promise.all([store.list(userId), store.lastOf(userId)])
      return rows.map(({ id, url, groups, createdAt }) => {
        const { outcome, doneAt } = lasts.get(id) ?? {}
        return {
          ...{ id, url, groups, createdAt: createdAt.toISOString() },
          last: outcome && doneAt ? { state: outcome, at: doneAt.toISOString() } : null,
        }
      })
    },

    /** The secret is in this answer, and never in another. Throws `conflict` when there are too many. */
    async create({ principal, request }: Caller, { url, groups }: NewWebhook) {
      requireAllowed(url, toPrivate)
      const { userId } = principal
      const id = newId('whk', clock)
      const secret = newSecret(clock.random)
      const createdAt = new Date(clock.now())
      const sealed = seal(secret, ownerOf(id), clock.random)
      if (!(await store.insert({ id, userId, url, groups, createdAt, ...sealed }, mostWebhooks)))
        throw new AppError(
          'conflict',
          `You have ${mostWebhooks} webhooks, the most there can be. Remove one first.`,
        )
      const { host } = new URL(url)
      const entry = {
        actor: userId,
        action: 'webhook_created',
        target: id,
        detail: { host, groups },
      } as const
      await audit.record({ ...entry, address: request.address })
      return { secret, view: { id, url, groups, createdAt: createdAt.toISOString(), last: null } }
    },

    async remove({ principal, request }: Caller, id: Id<'whk'>): Promise<void> {
      const { userId } = principal
      if (!(await store.delete(userId, id))) throw none()
      const entry = { actor: userId, action: 'webhook_removed', target: id } as const
      await audit.record({ ...entry, address: request.address })
    },

    ...deliveriesOf(options),
  }
}

/** What was sent, and what is sent because its owner asks. */
function deliveriesOf({ store, queue, asked, look, clock }: WebhooksOptions) {
  return {
    async deliveries(
      userId: UserId,
      { webhookId, cursor, limit }: { webhookId: Id<'whk'>; cursor?: number | undefined; limit: number },
    ): Promise<DeliveryPage> {
      if (!(await store.find(userId, webhookId))) throw none()
      const found = await store.deliveries(webhookId, limit + 1, cursor)
      const rows = found.slice(0, limit)
      return {
        deliveries: rows.map(deliveryView),
        nextCursor: found.length > limit ? (rows.at(-1)?.id ?? null) : null,
      }
    },

    /** Sends something that only tries the address. */
    async test(userId: UserId, webhookId: Id<'whk'>): Promise<void> {
      const row = await store.find(userId, webhookId)
      if (!row) throw none()
      await asked.take(userId)
      const [group = 'computer'] = row.groups
      const text = 'You asked for this delivery. Nothing happened.'
      const at = new Date(clock.now())
      // It may have been removed meanwhile.
      if (!(await queue.put(webhookId, { type: `${group}.test`, at, data: { text } }))) throw none()
      look()
    },

    /** Throws `conflict` while it waits to be sent anyway, or when it is not there. */
    async repeat(userId: UserId, id: number): Promise<void> {
      await asked.take(userId)
      if (!(await store.repeat(userId, id)))
        throw new AppError('conflict', 'This delivery is on its way already, or was deleted after 7 days.')
      look()
    },
  }
}
