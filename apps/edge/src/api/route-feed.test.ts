import type { Route, RouteChange } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { manualTimers } from '../testing/manual-timers.ts'
import { startRouteFeed } from './route-feed.ts'

function setUp() {
  const timers = manualTimers()
  const applied: string[] = []
  const api = {
    handles: ['alice'],
    down: false,
    fetches: 0,
    tell: (_: RouteChange) => {},
    gap: () => {},
  }
  const feed = startRouteFeed({
    source: {
      fetchRoutes: async () => {
        api.fetches++
        if (api.down) throw new Error('The api is down.')
        return api.handles.map((handle): Route => ({ handle }))
      },
      watch: (on) => {
        Object.assign(api, { tell: on.change, gap: on.gap })
        return () => undefined
      },
    },
    apply: (routes) => applied.push(routes.map(({ handle }) => handle).join(' ')),
    closeStreams: (upstream) => applied.push(`cut ${upstream}`),
    closeGroup: (group) => applied.push(`cut ${group}`),
    log: pino({ level: 'silent' }),
    ...{ timers, resyncMs: 30_000 },
  })
  return { timers, applied, api, feed }
}

it('ends a group, and once more for whoever was let in just before', async () => {
  const { timers, applied, api } = setUp()
  await timers.pass(10)
  api.tell({ type: 'close_group', group: 'ins_1/game' })
  expect(applied.slice(1)).toEqual(['cut ins_1/game'])
  await timers.pass(1_000)
  expect(applied.slice(1)).toEqual(['cut ins_1/game', 'cut ins_1/game'])
})

it('applies the list, then each change, and only what is a change', async () => {
  const { timers, applied, api } = setUp()
  await timers.pass(10)
  api.tell({ type: 'added', handle: 'bob' })
  api.tell({ type: 'added', handle: 'bob' })
  api.tell({ type: 'removed', handle: 'alice' })
  expect(applied).toEqual(['alice', 'alice bob', 'bob'])
})

it('passes on at once what is to be cut, and changes no route for it', async () => {
  const { timers, applied, api } = setUp()
  await timers.pass(10)
  api.tell({ type: 'close_streams', upstream: '10.0.0.9:4000' })
  expect(applied).toEqual(['alice', 'cut 10.0.0.9:4000'])
  expect(api.fetches).toBe(1)
})

it('cuts once more a moment later, for whoever was let in just before and was still on the way', async () => {
  const { timers, applied, api, feed } = setUp()
  await timers.pass(10)
  api.tell({ type: 'close_streams', upstream: '10.0.0.9:4000' })
  await timers.pass(1_500)
  expect(applied).toEqual(['alice', 'cut 10.0.0.9:4000', 'cut 10.0.0.9:4000'])
  api.tell({ type: 'close_streams', upstream: '10.0.0.9:4000' })
  feed.close()
  expect(timers.pending()).toBe(0)
})

it.each(['reset', 'gap', 'time'])('fetches the whole list again after a %s', async (why) => {
  const { timers, applied, api } = setUp()
  await timers.pass(10)
  api.handles = ['alice', 'carol']
  if (why === 'reset') api.tell({ type: 'reset' })
  if (why === 'gap') api.gap()
  await timers.pass(why === 'time' ? 30_000 : 10)
  expect(applied).toEqual(['alice', 'alice carol'])
})

it('leaves the routes as they are while the api is down', async () => {
  const { timers, applied, api } = setUp()
  await timers.pass(10)
  Object.assign(api, { down: true, handles: [] })
  await timers.pass(120_000)
  expect(applied).toEqual(['alice'])
  Object.assign(api, { down: false, handles: ['dora'] })
  await timers.pass(10_000)
  expect(applied).toEqual(['alice', 'dora'])
})

it('misses nothing that changes while the list is on its way', async () => {
  const { timers, applied, api } = setUp()
  api.tell({ type: 'added', handle: 'bob' })
  api.handles = ['alice', 'bob']
  await timers.pass(10)
  expect(applied.at(-1)).toBe('alice bob')
  expect(api.fetches).toBe(2)
})
