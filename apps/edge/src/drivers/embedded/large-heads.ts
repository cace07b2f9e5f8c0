/**
 * Bounds what long request heads cost: until a request is answered its head is in memory several times over. It counts
 * while they arrive, since a head that never ends costs as much.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Limits } from '../../policy/limits.ts'
import { TOO_LONG, TOO_MANY } from '../../policy/texts.ts'
import { createNetworkLimit } from './network-limit.ts'
import { Refusal } from './refusal.ts'

interface Connection {
  /** Bytes of the head that is arriving. */
  bytes: number
  /** The place of the head that is arriving, when it has one, and how to give it back. */
  release: (() => void) | null
  /** Those of requests that are not answered yet: a response that waits for its turn does not see the connection end. */
  held: Set<() => void>
  /** Whose body may be arriving. */
  request: IncomingMessage | null
  stop: () => void
}

export interface LargeHeads {
  /** Ends the connection of a network that has too many large heads. For new connections of clients themselves. */
  watch: (socket: Socket, address: string) => void
  /** A head is whole; what it takes is given back with the answer. */
  began: (request: IncomingMessage, response: ServerResponse) => void
  /** For a client behind a trusted proxy, whose connections are not watched. Throws a Refusal. */
  take: (request: IncomingMessage, response: ServerResponse, address: string) => void
}

export function createLargeHeads({ headerBytes, largeHeadersPerNetwork }: Limits): LargeHeads {
  const places = createNetworkLimit(largeHeadersPerNetwork)
  const connections = new WeakMap<Socket, Connection>()

  function watch(socket: Socket, address: string): void {
    const onData = (chunk: Buffer) => {
      if (connection.request?.complete === false) return
      connection.bytes += chunk.length
      if (connection.bytes <= headerBytes || connection.release) return
      connection.release = places.take(address)
      if (!connection.release) socket.resetAndDestroy()
    }
    const stop = () => socket.off('data', onData)
    const connection: Connection = { bytes: 0, release: null, held: new Set(), request: null, stop }
    connections.set(socket, connection)
    // Before the parser sees it.
    socket.prependListener('data', onData)
    socket.once('close', () => {
      connection.release?.()
      for (const release of connection.held) release()
      connection.held.clear()
    })
  }

  return {
    watch,
    began: (request, response) => {
      const connection = connections.get(request.socket)
      if (!connection) return
      // What follows an upgrade is for somebody else to read.
      if (request.headers.upgrade !== undefined) connection.stop()
      const { release, held } = connection
      if (release) {
        held.add(release)
        response.once('close', () => held.delete(release) && release())
      }
      Object.assign(connection, { bytes: 0, release: null, request })
    },
    take: (request, response, address) => {
      if (headBytes(request) <= headerBytes) return
      const release = places.take(address)
      if (!release) throw new Refusal(429, TOO_MANY)
      response.once('close', release)
    },
  }
}

function headBytes({ url = '', rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce((sum, text) => sum + text.length, url.length)
}

/** Nobody but a page that sets cookies for others makes a browser send so much. Throws a Refusal. */
export function refuseLongHeaders(request: IncomingMessage, { headerBytes }: Limits): void {
  const cookies = request.headers.cookie?.length ?? 0
  if (headBytes(request) - cookies > headerBytes) throw new Refusal(431, TOO_LONG)
}
