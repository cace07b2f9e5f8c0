/** A client that sends what it is told, to one port whatever the host. */
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import type { Readable } from 'node:stream'
import { WebSocket } from 'ws'
import { readBody } from './servers.ts'

export interface Ask {
  host: string
  path?: string
  method?: string
  headers?: OutgoingHttpHeaders
  /** The client's own address. */
  from?: string
  body?: Buffer | Readable
}

export interface Reply {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
  text: string
}

/** Resolves at the response's head. */
export function open(port: number, ask: Ask): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      path: ask.path ?? '/',
      method: ask.method ?? 'GET',
      headers: { host: ask.host, ...ask.headers },
      ...(ask.from === undefined ? {} : { localAddress: ask.from }),
      agent: false,
    })
    sent.on('response', resolve)
    sent.on('error', reject)
    if (ask.body && !Buffer.isBuffer(ask.body)) ask.body.pipe(sent)
    else sent.end(ask.body)
  })
}

export async function fetchReply(port: number, ask: Ask): Promise<Reply> {
  const response = await open(port, ask)
  const body = await readBody(response)
  return { status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString() }
}

export interface Socket {
  socket: WebSocket
  /** Headers of the 101. */
  headers: IncomingMessage['headers']
  /** Sends a text and resolves with the next one that arrives. */
  echo: (text: string) => Promise<string>
}

export function openSocket(
  port: number,
  host: string,
  headers: Record<string, string> = {},
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/chat`, { headers: { host, ...headers } })
    let answered: IncomingMessage['headers'] = {}
    socket.on('upgrade', (response) => {
      answered = response.headers
    })
    socket.on('error', reject)
    socket.on('unexpected-response', (_, response) => reject(new Error(`status ${response.statusCode}`)))
    socket.on('open', () =>
      resolve({
        socket,
        headers: answered,
        echo: (text) =>
          new Promise((done, failed) => {
            socket.once('message', (data) => done(data.toString()))
            socket.once('close', (code) => failed(new Error(`closed with ${code}`)))
            socket.send(text)
          }),
      }),
    )
  })
}
