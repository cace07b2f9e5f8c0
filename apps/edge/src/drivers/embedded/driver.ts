/** The edge in this very process: for development and small installations, without TLS. */
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { EdgeDriver, EdgeOptions } from '../../driver.ts'
import { parseListen, portTakenMessage } from '../../listen-address.ts'
import { createCounter } from './counter.ts'
import { createHandler, isWebSocket } from './handle.ts'
import { createSender } from './send.ts'

const MAX_HEADER_BYTES = 65_536

/** Throws an Error that says who has the port, when another program has it. */
export async function createEmbeddedDriver(options: EdgeOptions): Promise<EdgeDriver> {
  const sender = createSender()
  const counter = createCounter()
  const handle = createHandler({ hosts: options.hosts, sockets: options.sockets, sender, counter })
  const upgraded = new Set<Duplex>()
  const server = createServer({
    // Bodies may take as long as they take; headers may not.
    requestTimeout: 0,
    keepAliveTimeout: 65_000,
    maxHeaderSize: MAX_HEADER_BYTES,
    shouldUpgradeCallback: isWebSocket,
  })
  server.on('request', (request, response) => void handle(request, response, false))
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    void handle(request, responseOn(request, socket, head), true)
  })
  await listen(server, options.listen)
  return {
    // The gate knows every handle, so the embedded edge needs no routes of its own.
    apply: () => undefined,
    inFlight: async () => counter.counts(),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of upgraded) socket.destroy()
      server.closeAllConnections()
      await closed
      sender.close()
    },
  }
}

/** Node hands an upgrade over as a bare socket; refusals and errors are ordinary answers on it. */
function responseOn(request: IncomingMessage, socket: Duplex, head: Buffer): ServerResponse {
  if (head.length > 0) socket.unshift(head)
  socket.on('error', () => socket.destroy())
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(request.socket)
  response.on('finish', () => socket.end())
  return response
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(portTakenMessage(address), { cause: error }) : error),
    )
    server.listen(parseListen(address), () => resolve())
  })
}
