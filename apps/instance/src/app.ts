/** The instance's internals, wired once, when the first real request arrives. */

import { readFile } from 'node:fs/promises'
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { NOTHING_HERE } from '@matrixos/shared'
import { createAsk } from './ai/ask.ts'
import { createCredits } from './ai/credits.ts'
import { type History, noHistory, openHistory } from './console/history.ts'
import { serveConsole } from './console/socket.ts'
import type { Settings } from './env.ts'
import type { FilesRoom } from './files/api/room.ts'
import { createAtomicWriter, type WriteAtomic } from './files/atomic.ts'
import { type Home, openHome } from './files/home.ts'
import { PlainError } from './files/plain-words.ts'
import { viewerHome } from './files/viewer-home.ts'
import { createPages, sendJson } from './http/pages.ts'
import { createRouter, lazyRoom, type Route } from './http/routes.ts'
import { createSockets, type ServeSocket } from './http/sockets.ts'
import { createBearerCheck, isOwnOrigin } from './http/trust.ts'
import { type Visitor, visitorOf } from './http/visitor.ts'
import { describeError, describeRequest, type Log } from './log.ts'
import { createPad, NOTES_FOLDER } from './notes/pad.ts'
import { createNotesHub, type NotesHub } from './notes/socket.ts'
import { once } from './once.ts'
import {
  ASLEEP,
  CONSOLE_PATH,
  FILES_API,
  FILES_SOCKET_PATH,
  type Me,
  NOTES_PATH,
  SHELL_PATH,
} from './protocol.ts'
import { drawIdentity } from './shell/identity.ts'
import { openShellRoom, type ShellRoom } from './shell/room.ts'
import { createTerminalDoor } from './terminal/door.ts'
import { TERMINAL_PATH } from './terminal/protocol.ts'

export interface App {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void
  /** Closes the WebSockets with 1001 and resolves when every save is on the disk. */
  stop(): Promise<void>
}

export interface AppOptions {
  settings: Settings
  /** Folder of the built page. */
  web: string
  now: () => Date
  log: Log
}

/** How long a browser may take to answer the closing frame. */
const CLOSE_WITHIN_MS = 500

export async function createApp({ settings, web, now, log }: AppOptions): Promise<App> {
  const { handle, displayName } = settings
  const home = await openHome(settings.home)
  const write = createAtomicWriter()
  const [pages, history] = await Promise.all([
    createPages(web, { handle, displayName }, (path) => drawIdentity(path, handle)),
    openHistory(home.root, write),
  ])
  const pad = createPad({ home, write, now })
  const hub = createNotesHub(pad)
  const sockets = createSockets({ onFailure: (error) => log('WebSocket failed', describeError(error)) })
  const maySpeak = createBearerCheck(settings.authToken)
  const credits = createCredits(settings.ai, () => performance.now())

  const homeOf = (visitor: Visitor) =>
    visitor.role === 'owner' ? home : viewerHome(home, visitor.canUseNotes ? [] : [NOTES_FOLDER])
  const files = once(async () => {
    const { openFilesRoom } = await import('./files/api/room.ts')
    return openFilesRoom({ home, homeOf, settings, now, log })
  })
  const shell = await openShellRoom({ settings, root: home.root, write, credits, log })
  const { notifyAway } = shell
  const terminals = createTerminalDoor({ settings, home: home.root, notifyAway, log })
  const routesFor = createRoutes({ settings, home, homeOf, files, write, now, history, hub, shell, log })

  const me = async (visitor: Visitor): Promise<Me> => ({
    handle,
    displayName,
    soul: await readFile(join(home.root, 'system/soul.md'), 'utf8').catch(() => null),
    viewer: visitor.role === 'viewer' ? { handle: visitor.handle, canUseNotes: visitor.canUseNotes } : null,
    ...terminalOf(settings, visitor),
  })

  const dispatches = [
    createRouter(
      [
        answer('/api/me', me),
        // A viewer's page asks as well, and what its owner may spend is none of its business.
        answer('/api/credits', async ({ role }) => (role === 'owner' ? await credits() : { alert: null })),
      ],
      settings,
    ),
    lazyRoom(`${FILES_API}/`, async () => (await files()).dispatch),
    shell.dispatch,
  ]

  return {
    async handle(request, response) {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
      const visitor = maySpeak(request) ? visitorOf(request) : null
      if (!visitor) {
        log('request refused', { status: 401, ...describeRequest(request) })
        return sendJson(response, 401, { message: 'Only its owner can use this computer.' })
      }
      for (const dispatch of dispatches) if (await dispatch(request, response, visitor, path)) return
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return sendJson(response, 405, { message: 'This address is read-only.' })
      }
      if (await pages.serve(path, request, response)) return
      sendJson(response, 404, { message: NOTHING_HERE })
    },
    upgrade(request, stream, head) {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
      const visitor = maySpeak(request) ? visitorOf(request) : null
      const routes = visitor ? routesFor(visitor) : {}
      const serve = Object.hasOwn(routes, path) ? routes[path] : undefined
      const refuse = (status: number) => {
        log('upgrade refused', { status, ...describeRequest(request) })
        endWith(stream, status)
      }
      if (!visitor) return refuse(401)
      if (!isOwnOrigin(request, settings)) return refuse(403)
      if (path === TERMINAL_PATH && visitor.role === 'owner' && terminals)
        return terminals.upgrade(request, stream, head)
      if (!serve) return refuse(404)
      sockets.upgrade(request, stream, head, serve)
    },
    async stop() {
      shell.stop()
      await Promise.all([sockets.close(1001, ASLEEP, CLOSE_WITHIN_MS), hub.settled(), terminals?.stop()])
      // A save may have come in with the last frame before the closing one.
      await hub.settled()
    },
  }
}

function terminalOf({ terminal }: Settings, { role }: Visitor): Pick<Me, 'terminal' | 'consoleReason'> {
  if (role === 'viewer') return { terminal: 'console', consoleReason: null }
  return { terminal: terminal.kind, consoleReason: terminal.kind === 'pty' ? null : terminal.reason }
}

const answer = (path: string, of: (visitor: Visitor) => Promise<object>): Route => ({
  method: 'GET',
  path,
  who: 'everybody',
  serve: async ({ response, visitor }) => sendJson(response, 200, await of(visitor)),
})

interface RoutesOptions extends Pick<AppOptions, 'settings' | 'now' | 'log'> {
  home: Home
  /** The home as a visitor sees it. */
  homeOf: (visitor: Visitor) => Home
  files: () => Promise<FilesRoom>
  write: WriteAtomic
  history: History
  hub: NotesHub
  shell: ShellRoom
}

/** What a viewer asked would be paid with the owner's credits. */
const refuseToAsk = async (): Promise<never> => {
  throw new PlainError('Only the owner of this computer can ask its AI.')
}

/** The WebSockets that a visitor may open. */
function createRoutes(options: RoutesOptions) {
  const { settings, home, homeOf, files, write, now, history, hub, shell, log } = options
  const { handle, displayName } = settings
  const ask = createAsk(settings.ai)
  const consoleOf = (visitor: Visitor) =>
    visitor.role === 'owner'
      ? { home, history, ask, isReadOnly: false }
      : {
          home: homeOf(visitor),
          history: noHistory(),
          ask: refuseToAsk,
          isReadOnly: true,
        }

  return (visitor: Visitor): Record<string, ServeSocket> => ({
    ...(visitor.role === 'owner' || visitor.canUseNotes
      ? { [NOTES_PATH]: (socket) => hub.join(socket) }
      : {}),
    [SHELL_PATH]: shell.socketFor(visitor),
    [FILES_SOCKET_PATH]: async (socket) => (await files()).watch(socket, visitor),
    [CONSOLE_PATH]: (socket, url) =>
      serveConsole(socket, url.searchParams.get('folder') ?? '~', {
        ...consoleOf(visitor),
        write,
        now,
        owner: { handle, displayName },
        onRun: hub.refresh,
        onFailure: (error) => log('console failed', describeError(error)),
      }),
  })
}

function endWith(stream: Duplex, status: number): void {
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
