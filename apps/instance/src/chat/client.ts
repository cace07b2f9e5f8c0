/** One page at the chat: what it asks, and what it is told. */
import type { WebSocket } from 'ws'
import { inPlainWords, PlainError } from '../files/plain-words.ts'
import { codeOf, RequestProblem } from '../http/problem.ts'
import { describeError, type Log } from '../log.ts'
import type { Desk, Open, Watcher } from './desk.ts'
import { type ChatEvent, type ChatRequest, chatRequest } from './protocol.ts'
import type { Service } from './service.ts'
import type { Chats } from './store.ts'

export interface ClientOptions {
  socket: WebSocket
  service: Service
  desk: Desk
  chats: Chats
  chooseModel: (model: string) => Promise<void>
  log: Log
}

/** Of what a page has not taken yet. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024

export interface ChatClient extends Watcher {
  /** The conversation that it looks at. */
  readonly looksAt: string | null
}

export function serveClient({ socket, service, desk, chats, chooseModel, log }: ClientOptions): ChatClient {
  let watched: Open | null = null
  const send = (event: ChatEvent) => {
    if (socket.readyState !== socket.OPEN) return
    // A page that takes nothing comes back, and gets what it missed.
    if (socket.bufferedAmount > MOST_WAITING_BYTES) socket.terminate()
    else socket.send(JSON.stringify(event))
  }
  const watcher: ChatClient = {
    send,
    get looksAt() {
      return watched?.conversation.id ?? null
    },
  }
  const look = async (id: string | null) => {
    watched?.watchers.delete(watcher)
    watched = null
    if (id === null) return
    const open = await desk.open(id)
    watched = open
    open.watchers.add(watcher)
    // From memory, at once: an entry in between would be lost.
    const { entries, running } = open
    send({ type: 'conversation', conversation: id, entries, running: running?.state ?? null })
  }
  const act = async (request: ChatRequest): Promise<void> => {
    switch (request.type) {
      case 'ping':
        return send({ type: 'pong' })
      case 'look':
        return look(request.conversation)
      case 'say':
        await service.say(request)
        return send({ type: 'taken', id: request.id })
      case 'retry':
        return service.retry(request)
      case 'stop':
        return service.stop(request.conversation)
      case 'decide':
        return service.decide(request)
      case 'undo':
        return service.undo(request).catch((error) => {
          if (!(error instanceof RequestProblem) || error.status !== 412) throw error
          send({ type: 'changed-since', tool: request.tool, words: error.message })
        })
      case 'rename':
        return service.rename(request)
      case 'delete': {
        const { conversation } = request
        if (watched?.conversation.id === conversation) await look(null)
        return send({ type: 'deleted', conversation, ...(await service.remove(conversation)) })
      }
      case 'restore':
        return service.restore(request.trash)
      case 'search':
        return send({ type: 'found', query: request.query, results: await chats.search(request.query) })
      case 'model':
        return chooseModel(request.model)
    }
  }
  const attempt = (request: ChatRequest) =>
    act(request).catch((error) => {
      if (!(error instanceof PlainError) && codeOf(error) === '') {
        log('chat request failed', describeError(error))
      }
      send({ type: 'failed', id: 'id' in request ? request.id : null, words: inPlainWords(error) })
    })
  /** In order, but for what a person wants at once. */
  let last: Promise<void> = Promise.resolve()
  socket.on('message', (data) => {
    const parsed = chatRequest.safeParse(parseJson(String(data)))
    if (!parsed.success) return socket.close(1008, 'Not a message of the chat')
    const request = parsed.data
    if (request.type === 'stop' || request.type === 'decide') void attempt(request)
    else last = last.then(() => attempt(request))
  })
  socket.on('close', () => watched?.watchers.delete(watcher))
  return watcher
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
