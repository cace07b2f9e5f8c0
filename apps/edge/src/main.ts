/** The edge's process: starts, says when it is ready, and ends in order. */
import { answerPings } from '@matrixos/host/answer-pings'
import { startEdge } from './compose.ts'
import { readEnv } from './env.ts'
import { createLog } from './log.ts'

/** Open connections get this long, once somebody wants the process to end. */
const GRACE_MS = 5000

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

try {
  const env = readEnv()
  answerPings()
  const log = createLog(env.LOG_LEVEL)
  const edge = await startEdge(env, log)
  let ending = false
  const end = () => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(0), GRACE_MS).unref()
    edge.close().then(() => process.exit(0), fail)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, end)
  log.info({ driver: env.EDGE_DRIVER, listen: env.EDGE_LISTEN }, 'The edge is ready.')
  process.send?.({ type: 'ready' })
} catch (error) {
  fail(error)
}
