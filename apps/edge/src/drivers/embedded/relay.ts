/** Streams an upstream's response to the client, WebSockets included. */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { RETRY_AFTER_S, TEXT_PLAIN } from '../../policy/texts.ts'
import type { RawHeaders } from './headers.ts'
import { badAnswer, type Refusal } from './refusal.ts'
import type { Answer } from './send.ts'

/** Resolves when the answer is through, or either side has gone. Throws a Refusal when it cannot be passed on. */
export async function relay(answer: Answer, response: ServerResponse, headers: string[]): Promise<void> {
  if (answer.upgraded) return relaySocket(answer.upgraded, response.socket, headers)
  try {
    // The upstream's own reason phrase stays behind: it may hold what no header may.
    response.writeHead(answer.response.statusCode ?? 0, headers)
    response.flushHeaders()
  } catch (error) {
    answer.response.destroy()
    throw badAnswer(error)
  }
  // When the upstream is cut short the client's connection is cut as well: it must not take a part for the whole.
  return new Promise((resolve) => pipeline(answer.response, response, () => resolve()))
}

function relaySocket(
  upgraded: NonNullable<Answer['upgraded']>,
  client: Socket | null,
  headers: RawHeaders,
): Promise<void> {
  return new Promise((resolve) => {
    const upstream = upgraded.socket
    if (!client) {
      upstream.destroy()
      return resolve()
    }
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket']
    for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`)
    client.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
    if (upgraded.head.length > 0) upstream.unshift(upgraded.head)
    for (const socket of [client, upstream]) socket.setTimeout(0).setNoDelay(true).setKeepAlive(true, 30_000)
    pipeline(upstream, client, upstream, () => resolve())
  })
}

/** `isPerson`: reads a page, where there is one. Never throws: a client that has part of another answer is cut off. */
export function say(response: ServerResponse, refusal: Refusal, isPerson = false): void {
  const { status } = refusal
  const page = isPerson ? refusal.page : undefined
  try {
    if (response.headersSent || response.destroyed) {
      response.destroy()
      return
    }
    response.writeHead(status, {
      'Content-Type': TEXT_PLAIN,
      'Cache-Control': 'no-store',
      ...(page ?? refusal).headers,
      ...(status === 503 || status === 429 ? { 'Retry-After': String(RETRY_AFTER_S) } : {}),
      ...(status === 408 ? { Connection: 'close' } : {}),
    })
    response.end(page?.body ?? refusal.message)
  } catch {
    response.destroy()
  }
}
