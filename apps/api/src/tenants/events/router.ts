/** What happened to one's own computer: input → service → output. */
import {
  EVENT_FILTERS,
  type TimelinePage,
  type TimelineQuery,
  timelinePageSchema,
  timelineQuerySchema,
} from '@matrixos/shared'
import { authorize, noSuchInstance } from '../../access/policy.ts'
import type { Principal } from '../../access/principal.ts'
import type { Clock } from '../../clock.ts'
import { router, signedInProcedure } from '../../http/trpc.ts'
import type { InstanceCache } from '../cache.ts'
import type { EventStore } from './store.ts'

export interface TimelineOptions {
  store: Pick<EventStore, 'timeline'>
  cache: Pick<InstanceCache, 'get'>
  clock: Pick<Clock, 'now'>
}

export type ReadTimeline = (principal: Principal, query: TimelineQuery) => Promise<TimelinePage>

/** Throws what stands in the way. */
export const createTimeline =
  ({ store, cache, clock }: TimelineOptions): ReadTimeline =>
  async (principal, { instanceId, filter, cursor, limit }) => {
    const row = cache.get(instanceId)
    if (!row) throw noSuchInstance()
    authorize(principal, 'instance:read', row, clock.now())
    const found = await store.timeline(row.id, limit + 1, {
      ...(filter && { kinds: EVENT_FILTERS[filter] }),
      ...(cursor !== undefined && { before: cursor }),
    })
    const events = found.slice(0, limit)
    return { events, nextCursor: found.length > limit ? (events.at(-1)?.id ?? null) : null }
  }

export interface EventsRouterOptions {
  timeline: ReadTimeline
}

export const eventsRouter = ({ timeline }: EventsRouterOptions) =>
  router({
    list: signedInProcedure
      .input(timelineQuerySchema)
      .output(timelinePageSchema)
      .query(({ ctx, input }) => timeline(ctx.principal, input)),
  })
