import { EventEmitter, once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RouteChange } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import { initTRPC, tracked } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { expect, it } from 'vitest'
import { startServer } from '../testing/servers.ts'
import { realTimers } from '../timers.ts'
import { createApiClient } from './client.ts'
import { createRouteSource } from './route-source.ts'

const TOKEN = 'service-token'

/** The api's service procedures, as the edge calls them. */
function startService(socketPath: string, changes: EventEmitter, seen: string[]) {
  const t = initTRPC.context<{ authorization: string }>().create()
  const service = t.procedure.use(({ ctx, next }) => {
    if (ctx.authorization !== `Bearer ${TOKEN}`) throw new Error('refused')
    return next()
  })
  const router = t.router({
    gate: t.router({
      routes: service.query(() => [{ handle: 'alice' }]),
      routeChanges: service.subscription(async function* ({ signal }) {
        seen.push('watching')
        const data: RouteChange = { type: 'added', handle: 'before' }
        yield tracked('1', data)
        for (;;) {
          const [change] = await once(changes, 'change', signal ? { signal } : {})
          yield tracked('2', change as RouteChange)
        }
      }),
    }),
  })
  const handler = createHTTPHandler({
    router,
    basePath: '/trpc/',
    createContext: ({ req }) => ({ authorization: req.headers.authorization ?? '' }),
  })
  return startServer(handler, { socketPath })
}

it('reads and watches over the socket, with the token, and comes back after the api restarted', async () => {
  const socketPath = join(await mkdtemp(join(tmpdir(), 'mos-feed-')), 'service.sock')
  const changes = new EventEmitter()
  const seen: string[] = []
  const got: string[] = []
  const api = createApiClient({ serviceSocket: socketPath, token: TOKEN })
  const source = createRouteSource(api.client, realTimers)
  const unwatch = source.watch({
    change: (change) => got.push('handle' in change ? change.handle : change.type),
    gap: () => got.push('gap'),
  })
  await expect(source.fetchRoutes()).rejects.toThrow()
  const service = await startService(socketPath, changes, seen)
  await until('the first change', () => got.includes('before'))
  expect(await source.fetchRoutes()).toEqual([{ handle: 'alice' }])
  changes.emit('change', { type: 'removed', handle: 'carol' })
  await until('the second change', () => got.includes('carol'))
  await service[Symbol.asyncDispose]()
  await using _again = await startService(socketPath, changes, seen)
  await until('the second subscription', () => seen.length === 2)
  changes.emit('change', { type: 'added', handle: 'dora' })
  await until('a change after the restart', () => got.includes('dora'))
  expect(got.filter((event) => event === 'gap').length).toBeGreaterThanOrEqual(2)
  unwatch()
  await api.close()
})
