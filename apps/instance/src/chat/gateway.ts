/**
 * Where the computer meets its chat: starts the chat's process when somebody comes or asks, hands each connection over as
 * it is, and lets the process end when it is idle.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { inPlainWords } from '../files/plain-words.ts'
import { detach } from '../http/hand-over.ts'
import { describeError, type Log } from '../log.ts'
import { type Asked, type ChatSetting, type FromHost, fromHost, type ToHost } from './host-protocol.ts'
import { NoAnswer } from './no-answer.ts'

export interface ChatGateway {
  /** Takes over a request to become a WebSocket, of the owner. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void
  /** Resolves to the answer; rejects with a NoAnswer. */
  ask(question: Asked): Promise<string>
  stop(): Promise<void>
}

export interface ChatGatewayOptions {
  setting: ChatSetting
  /** A process began from which commands are started. */
  onStart: (child: ChildProcess) => void
  /** The AI wanted to run a program that the platform does not want. */
  onDenied: (program: string) => void
  onUnseen: (told: Extract<FromHost, { type: 'unseen' }>) => void
  /** Asks another's AI. Rejects with a PlainError that says why there is no answer. */
  askOther: (asked: { id: string; handle: string; words: string }) => Promise<string>
  log: Log
}

const IS_BUILT = import.meta.filename.endsWith('.mjs')
const ENTRY = join(import.meta.dirname, IS_BUILT ? 'chat.mjs' : 'host-main.ts')
const FLAGS = ['--v8-pool-size=1', '--max-semi-space-size=4', '--max-old-space-size=256']
/** Within the time that the computer itself has left before it is killed. */
const STOP_WITHIN_MS = 5_000
const LOST = 'I was stopped before I could answer.'

interface Started {
  child: ChildProcess
  sent: number
  waiting: Map<number, { resolve: (text: string) => void; reject: (error: Error) => void }>
}

export function createChatGateway(options: ChatGatewayOptions): ChatGateway {
  const { setting, onStart, onDenied, onUnseen, askOther, log } = options
  let current: Started | undefined
  let number = 0

  const send = ({ child }: Started, message: ToHost) => {
    if (child.connected) child.send(message, () => undefined)
  }
  const hear = (started: Started, message: unknown) => {
    const told = fromHost.parse(message)
    if (told.type === 'log') log(told.message, told.details)
    else if (told.type === 'unseen') onUnseen(told)
    else if (told.type === 'denied') onDenied(told.program)
    else if (told.type === 'ask-other') {
      const { number } = told
      askOther(told.asked).then(
        (words) => send(started, { type: 'other-answer', number, words, isError: false }),
        (error: unknown) =>
          send(started, { type: 'other-answer', number, words: inPlainWords(error), isError: true }),
      )
    } else if (told.type === 'idle') {
      // Something may be on its way to it.
      if (current !== started || told.received !== started.sent) return
      current = undefined
      send(started, { type: 'stop' })
    } else {
      const asker = started.waiting.get(told.number)
      started.waiting.delete(told.number)
      if (told.type === 'answer') asker?.resolve(told.text)
      else asker?.reject(new NoAnswer(told.words, told.isPassing))
    }
  }
  const start = (): Started => {
    const child = fork(ENTRY, [], { execArgv: FLAGS, env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const started: Started = { child, sent: 0, waiting: new Map() }
    const over = () => {
      if (current === started) current = undefined
      for (const { reject } of started.waiting.values()) reject(new NoAnswer(LOST, true))
      started.waiting.clear()
    }
    child.on('message', (message) => hear(started, message))
    child.on('error', (error) => {
      log('chat cannot start', { error: error.message })
      // Of a process that never was, no end is told.
      if (child.pid === undefined) over()
    })
    child.on('exit', (code, signal) => {
      if (current === started) log('chat ended', { code, signal })
      over()
    })
    send(started, { type: 'start', setting })
    onStart(child)
    return started
  }
  /** Throws when the system refuses one, as when memory is short. */
  const process_ = (): Started => {
    if (current && !current.child.connected) current = undefined
    current ??= start()
    return current
  }

  return {
    upgrade({ url = '/', headers }, stream, head) {
      if (!(stream instanceof Socket)) return void stream.destroy()
      let started: Started
      try {
        started = process_()
      } catch (error) {
        log('chat cannot start', describeError(error))
        return void stream.destroy()
      }
      if (!started.child.connected) return void stream.destroy()
      started.sent++
      const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
      detach(stream)
      started.child.send(
        { type: 'connection', url, headers: sent, head: head.toString('base64') },
        stream,
        { keepOpen: true },
        () => stream.destroy(),
      )
    },
    ask: (question) =>
      new Promise((resolve, reject) => {
        const started = process_()
        started.sent++
        started.waiting.set(++number, { resolve, reject })
        send(started, { type: 'ask', number, question })
      }),
    async stop() {
      const child = current?.child
      current = undefined
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
      if (child.connected) child.send({ type: 'stop' } satisfies ToHost, () => undefined)
      await exited
      clearTimeout(timer)
    },
  }
}
