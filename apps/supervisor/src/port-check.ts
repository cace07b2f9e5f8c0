/** Whether the public port is free; if not, who holds it and what to do. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { findPortHolder } from '@matrixos/host/port-holder'
import { UserError } from '@matrixos/host/root'

/** The error code of an attempt to listen there, or `null` when it worked. */
async function tryListen(host: string, port: number): Promise<string | null> {
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  }
}

/**
 * Throws a UserError when the port cannot be used. `localhost` may mean `::1` to a browser, so a stranger who listens
 * there alone is a conflict too.
 */
export async function assertPortFree(host: string, port: number): Promise<void> {
  const problem = await tryListen(host || '0.0.0.0', port)
  if (problem === 'EADDRINUSE') throw await busy(port)
  if (problem === 'EACCES') {
    throw new UserError(
      `Port ${port} requires more privileges than this user has. Choose one from 1024 up:\n${hint(8080)}`,
    )
  }
  if (problem !== null) {
    throw new UserError(`The platform cannot listen on ${host}:${port} (${problem}). Check EDGE_LISTEN.`)
  }
  if (host === '127.0.0.1' && (await tryListen('::1', port)) === 'EADDRINUSE') throw await busy(port)
}

const hint = (port: number) => `  npm start -- --port ${port}`

async function busy(port: number): Promise<UserError> {
  const holder = await findPortHolder(port)
  const who = holder ? `process ${holder.pid}: ${holder.command.slice(0, 200)}` : 'a process of another user'
  return new UserError(
    `Port ${port} is already in use by ${who}.\nStop it, or choose another port:\n${hint(port < 65_535 ? port + 1 : 8080)}`,
  )
}
