/** Ports for programs that are told theirs before they listen. */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below what Linux gives to outgoing connections: one of these could take a port from there before it is listened on. */
const FIRST = 20_000
const LAST = 32_000

/** Test files at work at the same time; vitest numbers them from 1. */
const WORKERS = 16
const worker = Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS

/** A platform asks for several before any part of it listens: none is given twice. */
const given = new Set<number>()

/** A port of 127.0.0.1 on which nobody listens, and which nobody else in this run is given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST / WORKERS, LAST / WORKERS) * WORKERS + worker
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
    given.delete(port)
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
