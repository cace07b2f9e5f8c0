/** Closes Caddy's connections to an upstream. Caddy has no command for that; the kernel does. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const TIMEOUT_MS = 5_000

/**
 * `upstream`: `host:port`. Needs Linux, root and `ss` of iproute2; rejects where one of them is missing. A kernel built
 * without socket diagnosis closes nothing, and does not say so.
 */
export async function cutConnections(upstream: string): Promise<void> {
  const { hostname, port } = new URL(`http://${upstream}`)
  await run('ss', ['-K', '-t', 'dst', hostname, 'dport', '=', port || '80'], { timeout: TIMEOUT_MS })
}
