/** Plain servers for tests: on a free port or a unix socket, closed with their open connections. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

import { SERVICE_HEADER_BYTES } from '@matrixos/shared'

export interface TestServer extends AsyncDisposable {
  server: Server
  /** `127.0.0.1:port`, or the path of the unix socket. */
  address: string
}

export async function startServer(
  listener: RequestListener,
  where: { socketPath: string } | { port?: number } = {},
): Promise<TestServer> {
  const server = createServer({ maxHeaderSize: SERVICE_HEADER_BYTES }, listener)
  const target = 'socketPath' in where ? where.socketPath : { host: '127.0.0.1', port: where.port ?? 0 }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(target, () => resolve())
  })
  const address = 'socketPath' in where ? where.socketPath : `127.0.0.1:${portOf(server.address())}`
  return {
    server,
    address,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address ? address.port : 0

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const DRIP_MS = 100

/** Sends `head`, then `part` again and again; returns what comes back until the other side closes. */
export function dripExchange(port: number, head: string, part: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(head))
    const drip = setInterval(() => socket.write(part), DRIP_MS)
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('close', () => {
      clearInterval(drip)
      resolve(text)
    })
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error),
    )
  })
}

/** Sends bytes as they are over TCP; returns what comes back until that is `enough`, or the other side closes. */
export function rawExchange(
  port: number,
  bytes: string,
  enough: (text: string) => boolean = () => false,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (enough(text)) socket.destroy()
    })
    socket.on('close', () => resolve(text))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? undefined : reject(error),
    )
  })
}
