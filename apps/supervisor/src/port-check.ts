/** Whether the ports of the edge and of the AI proxy are free; if not, who holds them and what to do. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { findPortHolder } from '@matrixos/host/port-holder'
import { UserError } from '@matrixos/host/root'
import { listenText, type Settings } from './settings.ts'

/** `isShared`: others may listen there as well, if they say so too. The error's code, or `null` when it worked. */
async function tryListen({ host, port }: Settings['listen'], isShared = false): Promise<string | null> {
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true, reusePort: isShared })
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
export async function assertPortFree({ host, port }: Settings['listen']): Promise<void> {
  const problem = await tryListen({ host: host || '0.0.0.0', port })
  if (problem !== null) throw await unusable(problem, { host, port }, 'EDGE_LISTEN', hint)
  if (host === '127.0.0.1' && (await tryListen({ host: '::1', port })) === 'EADDRINUSE') {
    throw await unusable('EADDRINUSE', { host, port }, 'EDGE_LISTEN', hint)
  }
}

/**
 * The same for the AI proxy. The address of the instances' network may not be there yet: the api makes it. Replicas
 * share the port, so one that another of them holds is free.
 */
export async function assertAiPortFree({ ai, runtime, database }: Settings): Promise<void> {
  const problem = await tryListen(ai.listen, runtime === 'docker' && database !== null)
  if (problem === null || (problem === 'EADDRNOTAVAIL' && runtime === 'docker')) return
  const { host } = ai.listen
  const another = (port: number) => `  AI_PROXY_LISTEN=${listenText({ host, port })} npm start`
  throw await unusable(problem, ai.listen, 'AI_PROXY_LISTEN', another)
}

const hint = (port: number) => `  npm start -- --port ${port}`

async function unusable(
  problem: string,
  { host, port }: Settings['listen'],
  variable: string,
  another: (port: number) => string,
): Promise<UserError> {
  if (problem === 'EACCES') {
    return new UserError(
      `Port ${port} requires more privileges than this user has. Choose one from 1024 up:\n${another(8080)}`,
    )
  }
  if (problem !== 'EADDRINUSE') {
    return new UserError(`The platform cannot listen on ${host}:${port} (${problem}). Check ${variable}.`)
  }
  const holder = await findPortHolder(port)
  const who = holder ? `process ${holder.pid}: ${holder.command.slice(0, 200)}` : 'a process of another user'
  return new UserError(
    `Port ${port} is already in use by ${who}.\nStop it, or choose another port:\n${another(port < 65_535 ? port + 1 : 8080)}`,
  )
}
