/** The process of the chat: `chat.mjs` when it is built. Its parent hands connections over to it. */
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describeError, type Log } from '../log.ts'
import { createHost, type Host } from './host.ts'
import { type FromHost, type ToHost, toHost } from './host-protocol.ts'
import { NoAnswer } from './no-answer.ts'
import { createOthers } from './others.ts'

const tell = (message: FromHost) => {
  if (process.connected) process.send?.(message)
}
const log: Log = (message, details = {}) => tell({ type: 'log', message, details })

let host: Promise<Host> | undefined
let received = 0
const others = createOthers((number, asked) => tell({ type: 'ask-other', number, asked }))

async function stop(): Promise<void> {
  await (await host)?.stop()
  process.exit(0)
}

type Connection = Extract<ToHost, { type: 'connection' }>

async function connect({ url, headers, head }: Connection, stream: unknown): Promise<void> {
  received++
  if (!(stream instanceof Socket)) return
  stream.on('error', () => stream.destroy())
  const request = new IncomingMessage(stream)
  Object.assign(request, { method: 'GET', url, headers })
  const it = await host
  if (it) it.accept(request, stream, Buffer.from(head, 'base64'))
  else stream.destroy()
}

async function ask({ number, question }: Extract<ToHost, { type: 'ask' }>): Promise<void> {
  received++
  try {
    const text = (await (await host)?.ask(question)) ?? ''
    tell({ type: 'answer', number, text })
  } catch (error) {
    const known = error instanceof NoAnswer
    if (!known) log('question failed', describeError(error))
    const words = known ? error.message : 'Something went wrong inside this computer. Please try again.'
    tell({ type: 'no-answer', number, words, isPassing: known ? error.isPassing : true })
  }
}

process.on('message', (message: unknown, handle: unknown) => {
  const parsed = toHost.parse(message)
  if (parsed.type === 'start') {
    host = createHost({
      ...{ setting: parsed.setting, now: Date.now, log },
      onIdle: () => tell({ type: 'idle', received }),
      askOther: others.ask,
      onDenied: (program) => tell({ type: 'denied', program }),
      onUnseen: (told) => tell({ type: 'unseen', ...told }),
    })
    host.catch((error) => log('chat cannot start', describeError(error)))
  } else if (parsed.type === 'connection') void connect(parsed, handle)
  else if (parsed.type === 'ask') void ask(parsed)
  else if (parsed.type === 'other-answer') others.hear(parsed)
  else void stop()
})
// Whatever ends the computer ends its chat in good order, its sudden death too.
process.on('disconnect', stop)
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop())
process.on('uncaughtException', (error) => log('chat process failed', describeError(error)))
