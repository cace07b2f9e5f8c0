/** Listen addresses (`host:port`), and what to say when one is taken. */
import { findPortHolder } from '@matrixos/host/port-holder'

export function parseListen(listen: string): { host: string | undefined; port: number } {
  const at = listen.lastIndexOf(':')
  const host = listen.slice(0, at).replace(/^\[|\]$/g, '')
  return { host: host || undefined, port: Number(listen.slice(at + 1)) }
}

/** The message for a person who starts the platform while something else has its port. */
export async function portTakenMessage(listen: string): Promise<string> {
  const { port } = parseListen(listen)
  const holder = await findPortHolder(port)
  const by = holder ? ` by ${holder.program} (process ${holder.pid})` : ''
  const other = port < 65_535 ? port + 1 : port - 1
  const free = `${listen.slice(0, listen.lastIndexOf(':'))}:${other}`
  return (
    `Port ${port} is already in use${by}. Stop that program, or choose another port: ` +
    `EDGE_LISTEN=${free} PUBLIC_URL=http://localhost:${other}`
  )
}
