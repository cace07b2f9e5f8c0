/** An HTTP server at an address that may not be there yet, and may be shared with other processes. */
import type { Server } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

const RETRY_MS = 1_000

export interface ListenOptions {
  host: string
  port: number
  /** Other processes may listen there, too: the system deals connections out. Where it cannot, one listens alone. */
  isShared: boolean
  /** The address is not there yet: asked once a second. */
  onAbsent: () => void
  signal: AbortSignal
}

/** Rejects when the address is another's. Resolves `false` when `signal` aborted first. */
export async function listenOnAddress(server: Server, options: ListenOptions): Promise<boolean> {
  const { host, port, onAbsent, signal } = options
  let reusePort = options.isShared
  while (!signal.aborted) {
    const code = await tryListen(server, { host, port, reusePort })
    if (code === null) return true
    if (code === 'ENOTSUP' && reusePort) reusePort = false
    else if (code === 'EADDRNOTAVAIL') {
      onAbsent()
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
    } else throw new Error(`Cannot listen on ${host}:${port} (${code}). Is another process there?`)
  }
  return false
}

/** The error's code; `null`: it listens. */
const tryListen = (server: Server, address: { host: string; port: number; reusePort: boolean }) =>
  new Promise<string | null>((resolve) => {
    const fail = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message)
    server.once('error', fail)
    server.listen(address, () => {
      server.off('error', fail)
      resolve(null)
    })
  })
