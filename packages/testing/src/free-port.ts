/** Ports for programs that are told theirs before they listen. */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below what Linux gives to outgoing connections: one of these could take a port from there before it is listened on. */
const FIRST = 20_000
const LAST = 32_000

/** Test files at work at the same time; vitest numbers them from 1. */
const WORKERS = 16
const worker = Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS

/** A port of 127.0.0.1 on which nobody listens, and which no other worker of this run is given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST / WORKERS, LAST / WORKERS) * WORKERS + worker
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
