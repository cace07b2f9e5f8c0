import { pino } from 'pino'
import type { EdgeDriver } from '../../driver.ts'
import { startCaddy } from '../../testing/caddy.ts'
import { fetchReply } from '../../testing/client.ts'
import { edgeContract } from '../../testing/contract.ts'
import { until } from '../../testing/servers.ts'
import type { StartEdge } from '../../testing/setup.ts'
import { realTimers } from '../../timers.ts'
import { createCaddyDriver } from './driver.ts'

const start: StartEdge = async (options) => {
  const caddy = await startCaddy(options.runDir, process.env)
  const driver: EdgeDriver = createCaddyDriver({
    ...options,
    tls: 'off',
    askListen: '127.0.0.1:0',
    adminAddress: caddy.address,
    resyncMs: 60_000,
    streamMemoryBytes: 268_435_456,
    log: pino({ level: 'warn' }),
    timers: realTimers,
  })
  driver.apply([{ handle: 'alice' }])
  const port = Number(options.listen.split(':')[1])
  await until(
    () =>
      fetchReply(port, { host: 'nowhere' }).then(
        (r) => r.status === 404,
        () => false,
      ),
    'the edge',
  )
  return {
    ...driver,
    close: async () => {
      await driver.close()
      await caddy[Symbol.asyncDispose]()
    },
  }
}

edgeContract('caddy', start)
