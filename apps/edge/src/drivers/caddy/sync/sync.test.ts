import { hostsOf } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { socketsIn } from '../../../driver.ts'
import { LIMITS } from '../../../policy/limits.ts'
import { manualTimers } from '../../../testing/manual-timers.ts'
import { type CaddyServer, render } from '../render/config.ts'
import { memoryAdmin } from '../testing/memory-admin.ts'
import { SERVER_PATH } from './diff.ts'
import { createSync } from './sync.ts'
import { createWriter } from './writer.ts'

const names = (count: number) => Array.from({ length: count }, (_, i) => `tenant${i}`)
const server = (handles: string[]): CaddyServer =>
  render(
    {
      hosts: hostsOf('http://localhost:8080'),
      sockets: socketsIn('/run/mos'),
      listen: '127.0.0.1:8080',
      tls: 'off',
      trustedProxies: [],
      limits: LIMITS,
    },
    handles.map((handle) => ({ handle })),
  )
const foreign = { '@id': 'theirs', handle: [{ handler: 'static_response' }] }

function setUp(intervalMs: (generations: number) => number = () => 250) {
  const timers = manualTimers()
  const admin = memoryAdmin()
  const sync = createSync({
    ...{ timers, intervalMs, resyncMs: 30_000, prepare: async () => undefined },
    writer: createWriter(admin),
    log: pino({ level: 'silent' }),
  })
  return { timers, admin, sync }
}

it('puts the server where there is none, and then leaves it alone', async () => {
  const { timers, admin, sync } = setUp()
  sync.want(server(['alice']))
  await timers.pass(120_000)
  expect(admin.writes).toEqual([`PUT ${SERVER_PATH}`])
  expect(admin.live).toEqual(server(['alice']))
})

it('rewrites the one shard that changed, having read only that', async () => {
  const { timers, admin, sync } = setUp()
  sync.want(server(names(1000)))
  await timers.pass(1000)
  admin.reads.length = 0
  sync.want(server([...names(1000), 'newcomer']))
  await timers.pass(1000)
  expect(admin.writes.at(-1)).toMatch(/^PATCH \/id\/mos-shard-\d+$/)
  expect(admin.reads).toEqual([admin.writes.at(-1)?.replace('PATCH ', '')])
  expect(admin.live).toEqual(server([...names(1000), 'newcomer']))
})

it('makes one write of a burst', async () => {
  const { timers, admin, sync } = setUp()
  sync.want(server(names(1000)))
  await timers.pass(1000)
  for (let i = 1; i <= 100; i++) sync.want(server(names(1000 + i)))
  await timers.pass(1000)
  expect(admin.writes).toHaveLength(2)
  expect(admin.live).toEqual(server(names(1100)))
})

it('waits with a change, but not with a repair, while writing costs memory', async () => {
  const { timers, admin, sync } = setUp((generations) => (generations > 1 ? 100_000 : 0))
  sync.want(server(names(1)))
  await timers.pass(1000)
  sync.want(server(names(2)))
  await timers.pass(1000)
  sync.want(server(names(3)))
  await timers.pass(40_000)
  expect(admin.live).toEqual(server(names(2)))
  admin.live = null
  await timers.pass(30_000)
  expect(admin.live).toEqual(server(names(2)))
  sync.observeOpen(1)
  await timers.pass(100)
  expect(admin.live).toEqual(server(names(3)))
})

it('finds out within a check that somebody changed what is ours, and puts it right', async () => {
  const { timers, admin, sync } = setUp()
  sync.want(server(names(3)))
  await timers.pass(1000)
  admin.live?.routes.splice(1, 2)
  await timers.pass(30_000)
  expect(admin.live).toEqual(server(names(3)))
})

it('keeps what others added to the server', async () => {
  const { timers, admin, sync } = setUp()
  sync.want(server(names(3)))
  await timers.pass(1000)
  Object.assign(admin.live ?? {}, { logs: { default_logger_name: 'theirs' } })
  admin.live?.routes.unshift(foreign)
  await timers.pass(60_000)
  expect(admin.writes).toHaveLength(1)
  sync.want({ ...server(names(30)), listen: ['127.0.0.1:9090'] })
  await timers.pass(1000)
  expect(admin.live).toMatchObject({ listen: ['127.0.0.1:9090'], logs: { default_logger_name: 'theirs' } })
  expect(admin.live?.routes[0]).toEqual(foreign)
})

it('reads again when somebody wrote in between', async () => {
  const { timers, admin, sync } = setUp()
  sync.want(server(names(3)))
  await timers.pass(1000)
  admin.meddle = () => admin.live?.routes.unshift(foreign)
  sync.want(server(names(40)))
  await timers.pass(1000)
  expect(admin.live?.routes[0]).toEqual(foreign)
  expect(admin.live?.routes.slice(1)).toEqual(server(names(40)).routes)
})

it('waits for a Caddy that is down, and brings it all when it is back', async () => {
  const { timers, admin, sync } = setUp()
  sync.want(server(names(3)))
  await timers.pass(1000)
  Object.assign(admin, { down: true, live: null })
  sync.want(server(names(4)))
  await timers.pass(60_000)
  expect(admin.live).toBeNull()
  admin.down = false
  await timers.pass(10_000)
  expect(admin.live).toEqual(server(names(4)))
})
