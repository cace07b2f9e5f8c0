/** A model's provider that a test plays: what it answers next is what the test says, in the real protocol. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Reply {
  text?: string
  tools?: { name: string; input: unknown }[]
  stop?: 'end_turn' | 'tool_use' | 'max_tokens'
  /** Instead of an answer. */
  error?: { status: number; type: string; message: string }
  /** After the words: neither the rest nor the end comes before this resolves. */
  until?: Promise<unknown>
  /** The connection breaks after the words. */
  isCut?: boolean
  cost?: string
}

export interface SentRequest {
  model: string
  system: { text: string }[]
  messages: { role: string; content: { type: string; text?: string; content?: unknown }[] }[]
  tools: { name: string }[]
}

export async function playProvider() {
  const replies: Reply[] = []
  const asked: SentRequest[] = []
  let calls = 0
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    if (request.method === 'GET') {
      const data = ['claude-opus-5', 'claude-haiku-4-5', 'gpt-4o'].map((id) => ({
        type: 'model',
        id,
        display_name: id,
      }))
      const page = { data, has_more: false, first_id: null, last_id: null }
      return json(response, request.url?.startsWith('/v1/models') ? 200 : 404, page)
    }
    asked.push(JSON.parse(body))
    const reply = replies.shift() ?? { text: 'Nothing was said to be said.' }
    if (reply.error) {
      const { status, type, message } = reply.error
      return json(response, status, { type: 'error', error: { type, message } })
    }
    await stream(response, reply, ++calls)
  }

  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    /** In order, one for each call. */
    will: (...next: Reply[]) => void replies.push(...next),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function stream(response: ServerResponse, reply: Reply, call: number): Promise<void> {
  const send = (data: { type: string; [key: string]: unknown }) =>
    response.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`)
  response.writeHead(200, { 'content-type': 'text/event-stream', trailer: 'x-credits-cost-usd' })
  const usage = { input_tokens: 10, output_tokens: 1 }
  send({
    type: 'message_start',
    message: {
      ...{ id: `msg_${call}`, type: 'message', role: 'assistant', model: 'claude-haiku-4-5', content: [] },
      ...{ stop_reason: null, stop_sequence: null, usage },
    },
  })
  let index = 0
  const block = (start: object, deltas: object[]) => {
    send({ type: 'content_block_start', index, content_block: start })
    for (const delta of deltas) send({ type: 'content_block_delta', index, delta })
  }
  if (reply.text !== undefined) {
    block({ type: 'text', text: '' }, [{ type: 'text_delta', text: reply.text }])
    if (reply.isCut) return void response.socket?.end(() => response.destroy())
    await reply.until
    send({ type: 'content_block_stop', index: index++ })
  }
  for (const [number, { name, input }] of (reply.tools ?? []).entries()) {
    block({ type: 'tool_use', id: `toolu_${call}_${number}`, name, input: {} }, [
      { type: 'input_json_delta', partial_json: JSON.stringify(input) },
    ])
    send({ type: 'content_block_stop', index: index++ })
  }
  const stop = reply.stop ?? (reply.tools ? 'tool_use' : 'end_turn')
  send({
    type: 'message_delta',
    delta: { stop_reason: stop, stop_sequence: null },
    usage: { output_tokens: 20 },
  })
  send({ type: 'message_stop' })
  response.addTrailers({ 'x-credits-cost-usd': reply.cost ?? '0.001', 'x-credits-remaining-usd': '4.5' })
  response.end()
}
