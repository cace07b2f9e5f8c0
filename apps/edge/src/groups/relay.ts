/**
 * What stands between Caddy and an instance for the guests of its apps: Caddy can neither count nor end the streams of some
 * apart from those of others to the same address. Listens on a unix socket that Caddy alone passes requests to, complete:
 * with their identity, with where they go and whose they are.
 */
import { rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { CHECK_RESPONSE_HEADERS, SERVICE_HEADER_BYTES } from '@matrixos/shared'
import { framing, hasBody } from '../drivers/embedded/body.ts'
import { toClient, without } from '../drivers/embedded/headers.ts'
import { Refusal } from '../drivers/embedded/refusal.ts'
import { relay, say } from '../drivers/embedded/relay.ts'
import { createSender, isWebSocket, type Sender, targetOf } from '../drivers/embedded/send.ts'
import { responseOn } from '../drivers/embedded/upgrade-response.ts'
import { canonicalAddress } from '../policy/forwarded.ts'
import { TOO_MANY_GUESTS } from '../policy/texts.ts'
import type { Groups } from './groups.ts'

/** Longer than Caddy keeps an idle connection, lest it send a request into one that closes. */
const IDLE_MS = 10_000

/** Not for the instance. */
const OWN: readonly string[] = [CHECK_RESPONSE_HEADERS.group, CHECK_RESPONSE_HEADERS.upstream]

export interface GroupRelay {
  close: () => Promise<void>
}

/** Takes the place of a socket that an edge before left behind. */
export async function startGroupRelay(options: { socketPath: string; groups: Groups }): Promise<GroupRelay> {
  const { socketPath, groups } = options
  const sender = createSender()
  const upgraded = new Set<Duplex>()
  const server = createServer({
    maxHeaderSize: SERVICE_HEADER_BYTES,
    requestTimeout: 0,
    keepAliveTimeout: IDLE_MS,
    shouldUpgradeCallback: isWebSocket,
  })
  server.on(
    'request',
    (request, response) => void pass(request, response, { webSocket: false, sender, groups }),
  )
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const response = responseOn(request, socket, head)
    if (!response) return
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    void pass(request, response, { webSocket: true, sender, groups })
  })
  await rm(socketPath, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, resolve)
  })
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of upgraded) socket.destroy()
      server.closeAllConnections()
      await closed
      sender.close()
    },
  }
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  { webSocket, sender, groups }: { webSocket: boolean; sender: Sender; groups: Groups },
): Promise<void> {
  const read = (name: string) => String(request.headers[name] ?? '')
  const upstream = read(CHECK_RESPONSE_HEADERS.upstream)
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const release = groups.take({
    group: read(CHECK_RESPONSE_HEADERS.group),
    upstream,
    address: canonicalAddress(read('x-forwarded-for')) ?? '',
    end: () => request.socket.destroy(),
  })
  if (!release) return say(response, new Refusal(429, TOO_MANY_GUESTS))
  try {
    const answer = await sender.send({
      target: targetOf(upstream),
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: [
        ...without(toClient(request.rawHeaders), [...OWN, 'content-length']),
        ...(webSocket ? ['Connection', 'Upgrade', 'Upgrade', 'websocket'] : framing(request)),
      ],
      webSocket,
      ...(!webSocket && hasBody(request) ? { body: request } : {}),
      signal: gone.signal,
    })
    await relay(answer, response, toClient(answer.response.rawHeaders))
  } catch (error) {
    // Caddy asks the gate again when it gets no answer, as it does for an instance that is not there.
    if (error instanceof Refusal) say(response, error)
    else request.socket.destroy()
  } finally {
    release()
  }
}
