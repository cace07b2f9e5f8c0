import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import type { InstanceRow } from './store.ts'
import { createSweeper } from './sweeper.ts'
import { createUsage } from './usage.ts'

const IDLE_MS = 60_000
const ADDRESS = '10.0.0.9:4000'

/** One running instance, a clock that stands still until moved, and a store that writes when told to. */
function setUp() {
  let now = 1_000_000
  let write: Promise<void> = Promise.resolve()
  const at = new Date(now)
  const row = {
    id: newId('ins', systemClock),
    handle: 'sleepy',
    desired: 'awake',
    observed: 'running',
    observedAt: at,
    lastUsedAt: at,
    address: { host: '10.0.0.9', gatewayPort: 4000, shellPort: null },
  } as InstanceRow
  const slept: string[] = []
  const mirror = { all: () => [row].values(), get: () => row, apply: <R>(written: R) => written }
  const clock = { ...systemClock, now: () => now }
  const usage = createUsage({ mirror, clock })
  const sweeper = createSweeper({
    mirror,
    store: {
      setDesired: async () => {
        await write
        return row
      },
      saveLastUsed: async () => {},
    },
    usage,
    kick: (id) => slept.push(id),
    clock,
    log: pino({ level: 'silent' }),
    idleLimitMs: IDLE_MS,
  })
  const pass = (ms: number) => {
    now += ms
  }
  return { row, usage, sweeper, slept, pass, writes: (until: Promise<void>) => (write = until) }
}

it('puts to sleep what is idle, once the edge has said that nothing is in flight', async () => {
  const { usage, sweeper, slept, pass } = setUp()
  pass(IDLE_MS + 1)
  await sweeper.sweep()
  expect(slept).toEqual([])
  usage.report({ counts: {} })
  await sweeper.sweep()
  expect(slept).toHaveLength(1)
})

it('counts an open stream as use for as long as it is open', async () => {
  const { usage, sweeper, slept, pass } = setUp()
  for (let minutes = 0; minutes < 5; minutes++) {
    pass(IDLE_MS + 1)
    usage.report({ counts: { [ADDRESS]: 1 } })
    await sweeper.sweep()
  }
  expect(slept).toEqual([])
  usage.report({ counts: {} })
  pass(IDLE_MS + 1)
  usage.report({ counts: {} })
  await sweeper.sweep()
  expect(slept).toHaveLength(1)
})

it('believes no report that is older than the last use, or too old', async () => {
  const { row, usage, sweeper, slept, pass } = setUp()
  usage.report({ counts: {} })
  pass(1)
  usage.touch(row.id)
  pass(IDLE_MS + 1)
  await sweeper.sweep()
  expect(slept).toEqual([])
})

it('says while a decision is being written that it is, and when it is over, also if that failed', async () => {
  const { row, usage, sweeper, pass, writes } = setUp()
  const written = Promise.withResolvers<void>()
  writes(written.promise)
  pass(IDLE_MS + 1)
  usage.report({ counts: {} })
  const sweeping = sweeper.sweep()
  expect(sweeper.isClosing(row.id)).toBe(true)
  const over = sweeper.closed(row.id)
  written.reject(new Error('the database is away'))
  await over
  expect(sweeper.isClosing(row.id)).toBe(false)
  await expect(sweeping).rejects.toThrow('away')
})
