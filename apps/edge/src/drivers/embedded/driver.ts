/** The edge inside this process: for development and small installations, without TLS. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { EDGE_HEADER_BYTES } from '@matrixos/shared'
import type { EdgeDriver, EdgeOptions } from '../../driver.ts'
import { createGroups } from '../../groups/groups.ts'
import { parseListen, portTakenMessage } from '../../listen/listen-address.ts'
import type { Limits } from '../../policy/limits.ts'
import { addressOf, createClientReader } from './client.ts'
import { createCounter } from './counter.ts'
import { createHandler } from './handle.ts'
import { createLargeHeads } from './large-heads.ts'
import { createNetworkLimit } from './network-limit.ts'
import { createSender, isWebSocket } from './send.ts'
import { createTurns } from './take-turns.ts'
import { responseOn } from './upgrade-response.ts'

/** Throws an Error that says who has the port, when another program has it. */
export async function createEmbeddedDriver(options: EdgeOptions): Promise<EdgeDriver> {
  const sender = createSender()
  const counter = createCounter()
  const groups = createGroups(options.limits)
  const clients = createClientReader(options)
  const networkLimit = createNetworkLimit(options.limits.connectionsPerNetwork)
  const largeHeads = createLargeHeads(options.limits)
  const handle = createHandler({ ...options, sender, counter, groups, clients, networkLimit, largeHeads })
  const upgraded = new Set<Duplex>()
  const server = createPublicServer(options.limits)
  server.on('connection', (socket) => {
    if (clients.trusts(socket)) return
    const release = networkLimit.take(addressOf(socket))
    if (!release) return void socket.resetAndDestroy()
    socket.once('close', release)
    largeHeads.watch(socket, addressOf(socket))
  })
  const takeTurns = createTurns()
  server.on('request', (request, response) => {
    largeHeads.began(request, response)
    takeTurns(request, response, () => void handle(request, response, false))
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const response = responseOn(request, socket, head)
    if (!response) return
    largeHeads.began(request, response)
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    void handle(request, response, true)
  })
  await listen(server, options.listen)
  return {
    // The gate knows every handle, so the embedded edge needs no routes of its own.
    apply: () => undefined,
    closeStreams: (upstream) => {
      counter.closeStreams(upstream)
      groups.closeStreams(upstream)
    },
    closeGroup: groups.closeGroup,
    grouped: groups.counts,
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

const createPublicServer = ({ headersMs }: Limits): Server =>
  createServer({
    headersTimeout: headersMs,
    // Node looks no more often than this whether anybody is over the time.
    connectionsCheckingInterval: headersMs / 3,
    // Uploads to instances may take as long as they take.
    requestTimeout: 0,
    keepAliveTimeout: 65_000,
    maxHeaderSize: EDGE_HEADER_BYTES,
    shouldUpgradeCallback: isWebSocket,
  })

async function listen(server: Server, address: string): Promise<void> {
  server.listen(parseListen(address))
  try {
    await once(server, 'listening')
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    throw isTaken ? new Error(await portTakenMessage(address), { cause: error }) : error
  }
}
