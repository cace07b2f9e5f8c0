/** How the platform is doing, at one glance. */
import type { AdminOverview } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { EventStore } from '../../tenants/events/store.ts'
import type { OverviewStore } from './store.ts'

export interface OverviewOptions {
  store: OverviewStore
  events: Pick<EventStore, 'wakesSince' | 'failuresSince'>
  /** Of the machine that runs instances. None of these throws. */
  host: () => Promise<AdminOverview['host']>
  walls: () => AdminOverview['walls']
  homeserver: () => Promise<AdminOverview['homeserver']>
  /** Api processes that live. */
  replicas: () => Promise<number>
  version: string
  clock: Pick<Clock, 'now' | 'monotonic'>
}

export type Overview = ReturnType<typeof createOverview>

const DAY_MS = 86_400_000

export function createOverview(options: OverviewOptions) {
  const { store, events, host, walls, homeserver, replicas, version, clock } = options
  const startedAt = clock.monotonic()

  return {
    async read(): Promise<AdminOverview> {
      const now = clock.now()
      const day = new Date(now - DAY_MS)
      const week = new Date(now - 7 * DAY_MS)
      const [people, instances, wakes24h, byCode, hostNow, homeserverNow, replicasNow] = await Promise.all([
        store.people({ day, week }),
        store.instances(),
        events.wakesSince(day),
        events.failuresSince(day),
        host(),
        homeserver(),
        replicas(),
      ])
      return {
        ...{ people, instances, wakes24h, host: hostNow, replicas: replicasNow, version },
        failures24h: { count: byCode.reduce((sum, { count }) => sum + count, 0), byCode },
        walls: walls(),
        homeserver: homeserverNow,
        upSince: new Date(now - (clock.monotonic() - startedAt)).toISOString(),
      }
    },
  }
}
