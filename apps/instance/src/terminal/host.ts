/**
 * The terminals of this computer and the pages at them, in a process of its own: its memory is given back with the last
 * terminal, and what a program prints cannot harm the rest of the computer.
 */
import { stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { isAbsolute, join, relative } from 'node:path'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { createSockets } from '../http/sockets.ts'
import { describeError, type Log } from '../log.ts'
import { ASLEEP } from '../protocol.ts'
import { type Client, serveClient } from './client.ts'
import { createInputs } from './inputs.ts'
import { createKeptStore } from './kept.ts'
import { createLimits, type Limits } from './limits.ts'
import { createNotices } from './notices.ts'
import { clientName } from './requests.ts'
import type { UnseenEnd } from './session.ts'
import { createSessions } from './sessions.ts'

export interface HostOptions {
  home: string
  shell: string
  environment: Record<string, string>
  log: Log
  /** Nobody looks, and nothing runs. */
  onIdle: () => void
  /** A program that ran for `longMs` or more ended, and nobody looked. */
  onUnseenEnd: (run: UnseenEnd) => void
  longMs: number
  stallMs?: number
  graceMs?: number
  /** By default, what this process's container tells. */
  limits?: Limits
}

export interface Host {
  accept(request: IncomingMessage, stream: Duplex, head: Buffer): void
  /** Says it to every page. */
  tell(message: string): void
  /** Keeps what is to be seen, ends all programs and closes the WebSockets with 1001. */
  stop(): Promise<void>
}

/** How long a browser may take to answer the closing frame. */
const CLOSE_WITHIN_MS = 500
/** A page that shows nothing for this long is let go of. */
const STALL_MS = 10_000
const GRACE_MS = 2_000
const LOOK_EVERY_MS = 30_000
const LARGEST_MESSAGE = 256 * 1024

export async function createHost(options: HostOptions): Promise<Host> {
  const { home, shell, environment, log, onIdle, onUnseenEnd, longMs } = options
  const store = createKeptStore(home)
  const clients = new Set<Client>()
  const inputs = createInputs()
  const fail = (error: unknown) => log('terminal failed', describeError(error))
  const sockets = createSockets({ onFailure: fail, largestMessage: LARGEST_MESSAGE })
  const limits = options.limits ?? (await createLimits())
  const notices = createNotices(limits, clients)
  let isTelling = false
  let lastTold = ''
  let stopping: Promise<void> | undefined

  const tell = () => {
    isTelling = false
    const list = sessions.list()
    const text = JSON.stringify(list)
    if (text !== lastTold) for (const client of clients) client.send({ type: 'sessions', sessions: list })
    lastTold = text
    if (clients.size === 0 && list.every(({ state }) => state === 'slept')) onIdle()
  }
  const tellSoon = () => {
    if (!isTelling) setImmediate(tell)
    isTelling = true
  }
  const sessions = createSessions({
    ...{ shell, environment, kept: await store.read(), onChange: tellSoon, now: () => performance.now() },
    ...{ onUnseenEnd, longMs, onLook: notices.look, room: limits.room },
    stallMs: options.stallMs ?? STALL_MS,
    graceMs: options.graceMs ?? GRACE_MS,
    folderOrHome: async (folder) => ((await isFolder(folder)) ? folder : home),
    place: (folder) => placeOf(home, folder),
  })
  const serve = async (socket: WebSocket, url: URL) => {
    const page = clientName.safeParse(url.searchParams.get('page'))
    if (!page.success || stopping) return socket.close(1008, 'Not a page of the terminal')
    const folderOf = (folder = '') => (isAbsolute(folder) ? folder : join(home, folder))
    const client = serveClient({ socket, page: page.data, sessions, inputs, folderOf, onFailure: fail })
    clients.add(client)
    socket.on('close', () => {
      clients.delete(client)
      tellSoon()
    })
    client.send({ type: 'sessions', sessions: sessions.list() })
    notices.greet(client)
  }
  // A connection that broke while it was handed over never was a client.
  const look = setInterval(tellSoon, LOOK_EVERY_MS).unref()
  const stop = async () => {
    clearInterval(look)
    // First of all: what is still there after its grace is killed.
    await store.write(await sessions.keep()).catch(fail)
    await Promise.all([sockets.close(1001, ASLEEP, CLOSE_WITHIN_MS), sessions.end()])
  }

  return {
    accept: (request, stream, head) => sockets.upgrade(request, stream, head, serve),
    tell: notices.tell,
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** `~/notes`, or the absolute path of what is not in the home. */
function placeOf(home: string, folder: string): string {
  const way = relative(home, folder)
  if (way === '') return '~'
  return way.startsWith('..') || isAbsolute(way) ? folder : `~/${way}`
}
