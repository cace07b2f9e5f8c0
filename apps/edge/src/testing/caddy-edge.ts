/** Caddy and its driver between the fakes. */

import { until } from '@matrixos/testing/until'
import { pino } from 'pino'
import type { EdgeDriver, EdgeOptions, Tls } from '../driver.ts'
import { type CaddyDriverOptions, createCaddyDriver } from '../drivers/caddy/driver.ts'
import { realTimers } from '../timers.ts'
import { startCaddy, type TestCaddy } from './caddy.ts'
import { fetchReply } from './client.ts'

export interface CaddyEdgeOptions
  extends EdgeOptions,
    Partial<Pick<CaddyDriverOptions, 'timers' | 'log' | 'streamMemoryBytes' | 'passFolder'>> {
  runDir: string
  caddy: TestCaddy
  tls?: Tls
  askListen?: string
}

export function caddyDriver({ caddy, ...options }: CaddyEdgeOptions): EdgeDriver {
  return createCaddyDriver({
    tls: 'off',
    askListen: '127.0.0.1:0',
    streamMemoryBytes: 268_435_456,
    log: pino({ level: 'silent' }),
    timers: realTimers,
    ...options,
    adminAddress: caddy.address,
    resyncMs: 60_000,
  })
}

/** Resolves when the edge serves. */
export async function startCaddyEdge(
  options: EdgeOptions & { runDir: string; passFolder?: string },
  env: NodeJS.ProcessEnv,
): Promise<EdgeDriver & { caddy: TestCaddy }> {
  const caddy = await startCaddy(options.runDir, env)
  const driver = caddyDriver({ ...options, caddy })
  driver.apply([{ handle: 'alice' }])
  await serving(Number(options.listen.split(':')[1]))
  return {
    ...driver,
    caddy,
    close: async () => {
      await driver.close()
      await caddy[Symbol.asyncDispose]()
    },
  }
}

export const serving = (port: number) =>
  until('the edge', () =>
    fetchReply(port, { host: 'nowhere' }).then(
      (reply) => reply.status === 404,
      () => false,
    ),
  )
