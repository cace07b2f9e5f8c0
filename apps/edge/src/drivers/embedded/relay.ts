/** Passes an upstream's answer to the client as it comes, WebSockets included. */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { RETRY_AFTER_S, TEXT_PLAIN } from '../../texts.ts'
import type { RawHeaders } from './headers.ts'
import type { Answer } from './send.ts'

/** Resolves when the answer is through, or either side has gone. */
export function relay(answer: Answer, response: ServerResponse, headers: string[]): Promise<void> {
  if (answer.upgraded) return relaySocket(answer, response.socket, headers)
  response.writeHead(answer.response.statusCode ?? 502, answer.response.statusMessage ?? '', headers)
  response.flushHeaders()
  // When the upstream is cut short the client's connection is cut as well: it must not take a part for the whole.
  return new Promise((resolve) => pipeline(answer.response, response, () => resolve()))
}

function relaySocket(
  { response, upgraded }: Answer,
  client: Socket | null,
  headers: RawHeaders,
): Promise<void> {
  return new Promise((resolve) => {
    if (!client || !upgraded) return resolve()
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade']
    lines.push(`Upgrade: ${response.headers.upgrade ?? 'websocket'}`)
    for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`)
    client.write(`${lines.join('\r\n')}\r\n\r\n`)
    const upstream = upgraded.socket
    if (upgraded.head.length > 0) upstream.unshift(upgraded.head)
    for (const socket of [client, upstream]) socket.setTimeout(0).setNoDelay(true).setKeepAlive(true, 30_000)
    pipeline(upstream, client, upstream, () => resolve())
  })
}

export function sayText(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  response.writeHead(status, {
    'Content-Type': TEXT_PLAIN,
    'Cache-Control': 'no-store',
    ...(status === 503 ? { 'Retry-After': String(RETRY_AFTER_S) } : {}),
  })
  response.end(body)
}
