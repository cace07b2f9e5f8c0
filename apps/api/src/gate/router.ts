/** What the edge fetches and tells: the route list, its changes, and what is in flight. */
import { inFlightReportSchema, type Route, type RouteChange, routeSchema } from '@matrixos/shared'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import type { Withdrawals } from '../access/policy.ts'
import type { Sessions } from '../auth/sessions/service.ts'
import { router, serviceProcedure } from '../http/trpc.ts'
import type { SharesCache } from '../sharing/shares.ts'
import type { Change, InstanceCache } from '../tenants/cache.ts'
import type { Usage } from '../tenants/idle/usage.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { groupOf } from './entrance.ts'
import { queueOf } from './queue.ts'

export interface GateRouterOptions {
  cache: Pick<InstanceCache, 'all' | 'get' | 'ofUser' | 'onChange'>
  sessions: Pick<Sessions, 'onClosed'>
  shares: Pick<SharesCache, 'instancesOf' | 'onRevoked'>
  publications: Withdrawals
  usage: Pick<Usage, 'report' | 'edgeSeen'>
}

function routeChange({ row, added, removed }: Change): RouteChange | null {
  if (removed) return { type: 'removed', handle: row.handle }
  return added ? { type: 'added', handle: row.handle } : null
}

function upstreamsOf(row: InstanceRow | undefined): string[] {
  if (!row?.address) return []
  const { host, gatewayPort, shellPort } = row.address
  return [gatewayPort, ...(shellPort === null ? [] : [shellPort])].map((port) => `${host}:${port}`)
}

export const gateRouter = ({ cache, sessions, shares, publications, usage }: GateRouterOptions) =>
  router({
    routes: serviceProcedure
      .output(z.array(routeSchema))
      .query((): Route[] => [...cache.all()].map(({ handle }) => ({ handle }))),

    /** Begins with `reset`, since changes before that are unknown to whoever asks: then fetch the list. */
    routeChanges: serviceProcedure
      .input(z.object({ lastEventId: z.string().optional() }).optional())
      .subscription(async function* ({ signal }) {
        usage.edgeSeen()
        const queue = queueOf<RouteChange>(signal ?? new AbortController().signal)
        const closeStreams = (row: InstanceRow | undefined) => {
          for (const upstream of upstreamsOf(row)) queue.push({ type: 'close_streams', upstream })
        }
        const forget = cache.onChange((change) => {
          const route = routeChange(change)
          if (route) queue.push(route)
          // Viewers have sessions that go on: nobody stays in what is suspended.
          if (change.row.isSuspended) closeStreams(change.row)
        })
        const forgetSessions = sessions.onClosed((userId) => {
          closeStreams(cache.ofUser(userId))
          for (const id of shares.instancesOf(userId)) closeStreams(cache.get(id))
        })
        const forgetShares = shares.onRevoked((instanceId) => closeStreams(cache.get(instanceId)))
        // Its guests alone: the owner may be at work on it.
        const forgetApps = publications.onWithdrawn((id, app) =>
          queue.push({ type: 'close_group', group: groupOf({ id }, app) }),
        )
        try {
          let count = 0
          queue.push({ type: 'reset' })
          for await (const change of queue) yield tracked(String(count++), change)
        } finally {
          forget()
          forgetSessions()
          forgetShares()
          forgetApps()
        }
      }),

    reportInFlight: serviceProcedure
      .input(inFlightReportSchema)
      .output(z.object({ ok: z.literal(true) }))
      .mutation(({ input }) => {
        usage.report(input)
        return { ok: true }
      }),
  })
