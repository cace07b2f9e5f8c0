/** A page at the chat, without a browser: it says, looks and waits as the real one does. */
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { EntryOf } from '../chat/log/entry.ts'
import { addEntry, type Conversation, conversationOf, type Turn } from '../chat/log/tree.ts'
import { CHAT_PATH, type ChatEvent, type ChatRequest } from '../chat/protocol.ts'
import type { Settings } from '../env.ts'
import { bootInstance, openSocket } from './instance.ts'
import { playProvider } from './provider.ts'

export async function openChatPage(origin: string) {
  const socket = await openSocket(`${origin}${CHAT_PATH}`)
  const events: ChatEvent[] = []
  const waiting = new Set<() => void>()
  let conversation: Conversation = conversationOf('none', [])
  const listen = async () => {
    for (;;) {
      const event = (await socket.next()) as unknown as ChatEvent
      events.push(event)
      if (event.type === 'conversation') conversation = conversationOf(event.conversation, event.entries)
      if (event.type === 'entry') addEntry(conversation, event.entry)
      for (const look of waiting) look()
    }
  }
  void listen()
  const send = (request: ChatRequest) => socket.send(request)
  /** Resolves with the first thing that `find` finds, in what came or comes. */
  const until = <T>(find: () => T | undefined | null | false): Promise<T> =>
    new Promise((resolve) => {
      const look = () => {
        const found = find()
        if (found === undefined || found === null || found === false) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  const event = <T extends ChatEvent['type']>(
    type: T,
    fits: (one: Extract<ChatEvent, { type: T }>) => boolean = () => true,
  ) =>
    until(() =>
      events.find(
        (one): one is Extract<ChatEvent, { type: T }> =>
          one.type === type && fits(one as Extract<ChatEvent, { type: T }>),
      ),
    )
  return {
    send,
    until,
    event,
    events,
    conversation: () => conversation,
    live: () => events.flatMap((one) => (one.type === 'live' ? [one.live] : [])),
    /** Looks at a conversation, and says something in it. */
    async say(id: string, text: string, more: Partial<Extract<ChatRequest, { type: 'say' }>> = {}) {
      if (conversation.id !== id) {
        send({ type: 'look', conversation: id })
        await until(() => conversation.id === id)
      }
      const message = randomUUID()
      send({
        ...{ type: 'say', conversation: id, id: message, parent: null, text, images: [], at: 0 },
        ...more,
      })
      return more.id ?? message
    },
    /** Resolves with the answer to a message, when it has ended. */
    answer: (message: string): Promise<Turn & { ended: EntryOf<'ended'> }> =>
      until(() =>
        [...conversation.turns.values()].findLast(
          (turn): turn is Turn & { ended: EntryOf<'ended'> } =>
            turn.parent === message && turn.ended !== null,
        ),
      ),
    closed: socket.closed,
    close: () => socket.close(),
    async [Symbol.asyncDispose]() {
      socket.close()
      await socket.closed
    },
  }
}

/** A whole instance with a provider that the test plays. */
export async function bootChat(settings: Partial<Settings> = {}) {
  const provider = await playProvider()
  const chosen = {
    ...{ handle: 'alice', displayName: 'Alice', externalOrigin: null, shellEnvironment: {} },
    ai: { url: provider.url, token: 'test' },
    terminal: { kind: 'pty', shell: '/bin/bash' } as const,
    ...settings,
  }
  const instance = await bootInstance(chosen)
  await instance.booted
  return {
    ...{ provider, instance, settings: chosen, home: instance.home },
    page: () => openChatPage(`ws://127.0.0.1:${instance.port}`),
    async [Symbol.asyncDispose]() {
      await instance[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
    },
  }
}

/** Of the chat's process, a child of this one. */
export async function chatProcess(): Promise<number> {
  for (const name of (await readdir('/proc')).filter((one) => /^\d+$/.test(one))) {
    const read = (file: string) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')
    const isOurs = (await read('status')).includes(`PPid:\t${process.pid}\n`)
    if (isOurs && (await read('cmdline')).includes('chat/host-main.ts')) return Number(name)
  }
  throw new Error('There is no process of the chat.')
}

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
