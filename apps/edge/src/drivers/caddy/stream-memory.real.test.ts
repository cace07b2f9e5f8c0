/** Old configurations that open streams hold, on a real Caddy: how many are written depends on all that is open. */
import type { IncomingMessage } from 'node:http'
import type { Route } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startCaddy } from '../../testing/caddy.ts'
import { caddyDriver, serving } from '../../testing/caddy-edge.ts'
import { type ManualTimers, manualTimers } from '../../testing/manual-timers.ts'
import { ALICE, type Setup, setUp } from '../../testing/setup.ts'

describeReal(['caddy'], 'streams that Caddy holds', () => {
  const ROUTES = 2000
  const CHANGES = 12
  /** Holds three configurations of this many routes. */
  const BUDGET_BYTES = 10_000_000

  let setup: Setup
  let timers: ManualTimers
  let writes: number

  beforeEach(async () => {
    timers = manualTimers()
    writes = 0
    const count = (line: string) => {
      if (line.includes('Wrote ')) writes++
    }
    const log = pino({ level: 'debug' }, { write: count })
    setup = await setUp(async (options) => {
      const caddy = await startCaddy(options.runDir, process.env)
      const driver = caddyDriver({ ...options, caddy, log, timers, streamMemoryBytes: BUDGET_BYTES })
      driver.apply(routes(ROUTES))
      await settle(driver.inFlight)
      await serving(Number(options.listen.split(':')[1]))
      return {
        ...driver,
        close: async () => {
          await driver.close()
          await caddy[Symbol.asyncDispose]()
        },
      }
    })
  })
  afterEach(() => setup[Symbol.asyncDispose]())

  const routes = (count: number): Route[] =>
    Array.from({ length: count }, (_, i) => ({ handle: `tenant${i}` }))

  /** A second passes, in which what is due is written. */
  async function settle(inFlight: () => Promise<unknown>): Promise<void> {
    await inFlight()
    await timers.pass(1000)
    await until('the write', () => timers.pending() > 0)
  }

  /** Changes the routes again and again, and begins a stream in each configuration. */
  async function changeUnderStreams(host: string, path: string): Promise<IncomingMessage[]> {
    const streams: IncomingMessage[] = []
    for (let i = 1; i <= CHANGES; i++) {
      streams.push(await setup.open({ host, path }))
      setup.edge.apply(routes(ROUTES + i))
      await settle(setup.edge.inFlight)
    }
    return streams
  }

  it.each([
    ['the dashboard', 'app.localhost', '/trpc/endless'],
    ['the public api', 'api.localhost', '/trpc/endless'],
    ['the gate', ALICE, '/.mos/endless'],
    ['an instance', ALICE, '/sse'],
  ])('writes ever more rarely while streams to %s hold old configurations', async (_, host, path) => {
    const before = writes
    const streams = await changeUnderStreams(host, path)
    expect(writes - before).toBeLessThanOrEqual(5)

    for (const stream of streams) stream.destroy()
    await until('the last change', async () => {
      await settle(setup.edge.inFlight)
      return writes - before > 5
    })
  })

  it('writes at once while nothing is open', async () => {
    const before = writes
    for (let i = 1; i <= CHANGES; i++) {
      setup.edge.apply(routes(ROUTES + i))
      await settle(setup.edge.inFlight)
    }
    expect(writes - before).toBe(CHANGES)
  })
})
