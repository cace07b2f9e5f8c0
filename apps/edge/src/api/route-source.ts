/** The api as a source of routes. */
import { routeChangeSchema, routeSchema } from '@matrixos/shared'
import { z } from 'zod'
import { backOff, type Timers } from '../timers.ts'
import type { ApiClient } from './client.ts'
import type { RouteSource } from './route-feed.ts'

export function createRouteSource(client: ApiClient, timers: Timers): RouteSource {
  return {
    fetchRoutes: async () => z.array(routeSchema).parse(await client.gate.routes.query()),
    watch: (on) => {
      let failures = 0
      let stop = () => {}
      let cancel = () => {}
      // The link reconnects by itself after a broken connection, but gives up when it is refused.
      const again = () => {
        stop()
        cancel()
        cancel = timers.after(backOff(++failures), subscribe)
      }
      const subscribe = () => {
        const subscription = client.gate.routeChanges.subscribe(undefined, {
          onStarted: () => {
            failures = 0
            on.gap()
          },
          onData: (event) => on.change(routeChangeSchema.parse(event.data)),
          onError: again,
          onComplete: again,
        })
        stop = () => subscription.unsubscribe()
      }
      subscribe()
      return () => {
        cancel()
        stop()
      }
    },
  }
}
