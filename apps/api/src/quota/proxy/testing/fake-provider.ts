/** A provider whose every answer a test writes itself. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: Buffer
}

export type Script = (response: ServerResponse, received: Received) => void | Promise<void>

export async function startProvider(first: Script = (response) => void response.end('{}')) {
  let script = first
  const received: Received[] = []
  let closed = 0
  const server = createServer({ requestTimeout: 0 }, async (request, response) => {
    const chunks: Buffer[] = []
    response.on('close', () => closed++)
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    const one = { method, url, headers, body: Buffer.concat(chunks) }
    received.push(one)
    await script(response, one)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    /** Answers that are over, one way or the other. */
    closed: () => closed,
    answer(next: Script) {
      script = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
export type FakeProvider = Awaited<ReturnType<typeof startProvider>>

export const event = (type: string, data: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`

export const start = (usage: object = { input_tokens: 100, output_tokens: 1 }, model = 'claude-test-1') =>
  event('message_start', {
    message: { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], usage },
  })
export const text = (piece: string) =>
  event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: piece } })
export const delta = (usage: object = { output_tokens: 20 }) =>
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage })
export const stop = () => event('message_stop', {})

export const SSE = { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_1' }
