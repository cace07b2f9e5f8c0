/**
 * Where the computer meets its terminals: starts their process when somebody comes, hands each connection over as it
 * is, so that no byte of it passes through here, and lets the process end when it is idle.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { detach } from '../http/hand-over.ts'
import { describeError, type Log } from '../log.ts'
import { fromHost, type ToHost } from './host-protocol.ts'
import type { UnseenEnd } from './session.ts'

export interface Terminals {
  /** Takes over a request to become a WebSocket, of somebody who may. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void
  /** Resolves when all programs have ended and what is to be seen again is on the disk. */
  stop(): Promise<void>
}

export interface TerminalsOptions {
  home: string
  shell: string
  environment: Record<string, string>
  /** How long a program must have run for its end to be told. */
  longMs: number
  /** A process began from which programs are started; `tell` says something to every page. */
  onStart: (child: ChildProcess, tell: (message: string) => void) => void
  /** It ended, and nobody looked. */
  onUnseenEnd: (run: UnseenEnd) => void
  log: Log
}

const IS_BUILT = import.meta.filename.endsWith('.mjs')
const ENTRY = join(import.meta.dirname, IS_BUILT ? 'terminal.mjs' : 'host-main.ts')
/** Few threads: they count against the processes that a container may have. */
const FLAGS = ['--v8-pool-size=1', '--max-semi-space-size=4', '--max-old-space-size=192']
/** Within the time that the computer itself has left before it is killed. */
const STOP_WITHIN_MS = 5_000

export function createTerminals(options: TerminalsOptions): Terminals {
  const { home, shell, environment, longMs, onStart, onUnseenEnd, log } = options
  let current: { child: ChildProcess; sent: number } | undefined

  const send = (child: ChildProcess, message: ToHost) => {
    if (child.connected) child.send(message, () => undefined)
  }

  const start = () => {
    const child = fork(ENTRY, [], {
      execArgv: FLAGS,
      // What the pseudoterminal's addon needs and an image may lack stands beside the program.
      env: { LD_LIBRARY_PATH: join(import.meta.dirname, 'lib') },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const started = { child, sent: 0 }
    child.on('message', (message) => {
      const told = fromHost.parse(message)
      if (told.type === 'log') log(told.message, told.details)
      else if (told.type === 'unseen-end') onUnseenEnd(told.run)
      else if (current === started && told.received === started.sent) {
        current = undefined
        send(child, { type: 'stop' })
      }
    })
    child.on('error', (error) => {
      log('terminals cannot start', { error: error.message })
      // Of a process that never was, no end is told.
      if (current === started && child.pid === undefined) current = undefined
    })
    child.on('exit', (code, signal) => {
      if (current !== started) return
      current = undefined
      log('terminals ended', { code, signal })
    })
    send(child, { type: 'start', home, shell, environment, longMs })
    onStart(child, (message) => send(child, { type: 'notice', message }))
    return started
  }

  return {
    upgrade({ url = '/', headers }, stream, head) {
      if (!(stream instanceof Socket)) return void stream.destroy()
      try {
        current ??= start()
      } catch (error) {
        // The system may refuse at once, when memory is short: the rest of the computer goes on.
        log('terminals cannot start', describeError(error))
        return void stream.destroy()
      }
      // It could not be started, or it is just ending: whoever comes again finds the next one.
      if (!current.child.connected) return void stream.destroy()
      current.sent++
      const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
      const message = { type: 'connection', url, headers: sent, head: head.toString('base64') }
      detach(stream)
      // This process's own end of it is closed; the connection goes on in the other.
      current.child.send(message, stream, { keepOpen: true }, () => stream.destroy())
    },
    async stop() {
      const child = current?.child
      current = undefined
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
      send(child, { type: 'stop' })
      await exited
      clearTimeout(timer)
    },
  }
}
