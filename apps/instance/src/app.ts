/** The instance's internals, wired once, when the first real request arrives. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { NOTHING_HERE } from '@matrixos/shared'
import { createCredits } from './ai/credits.ts'
import { BOOKS_ASIDE, BOOKS_FILE } from './apps/ai/books-file.ts'
import { createAppsDoor, framesOf } from './apps/door.ts'
import { appOf } from './apps/guest.ts'
import { APPS_API } from './apps/protocol.ts'
import { createChannelsDoor, isFromPlatform } from './channels/door.ts'
import { createChatDoor } from './chat/door.ts'
import { CHAT_FILES, CHAT_PATH } from './chat/places.ts'
import { openHistory } from './console/history.ts'
import { createConversationsDoor } from './conversations/door.ts'
import { createDenylistDoor } from './denylist/door.ts'
import { createDoors } from './doors.ts'
import type { Settings } from './env.ts'
import { createGate } from './files/api/gate.ts'
import { createAtomicWriter } from './files/atomic.ts'
import { type Home, openHome } from './files/home.ts'
import { CHANNELS_FILE, viewerHome } from './files/viewer-home.ts'
import { createPages, sendJson } from './http/pages.ts'
import { answering, createRouter, lazyRoom } from './http/routes.ts'
import { createSockets } from './http/sockets.ts'
import { createBearerCheck, isOwnOrigin } from './http/trust.ts'
import { type Visitor, visitorOf } from './http/visitor.ts'
import { describeError, describeRequest, type Log } from './log.ts'
import { describeTo } from './me.ts'
import { createPad, NOTES_FOLDER } from './notes/pad.ts'
import { createNotesHub } from './notes/socket.ts'
import { once } from './once.ts'
import { ASLEEP, FILES_API } from './protocol.ts'
import { drawIdentity } from './shell/identity.ts'
import { openShellRoom } from './shell/room.ts'
import { SHELL_FILES } from './shell/state.ts'
import { createTerminalDoor } from './terminal/door.ts'
import { TERMINAL_PATH } from './terminal/protocol.ts'
import { shareReports } from './work-report.ts'

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
    createPages(
      web,
      { handle, displayName },
      (path) => drawIdentity(path, handle),
      framesOf(settings.appOriginPattern),
    ),
    openHistory(home.root, write),
  ])
  const pad = createPad({ home, write, now })
  const hub = createNotesHub(pad)
  const sockets = createSockets({ onFailure: (error) => log('WebSocket failed', describeError(error)) })
  const maySpeak = createBearerCheck(settings.authToken)
  const credits = createCredits(settings.ai, () => performance.now())

  const homeOf = homesOf(home)
  const oneAtATime = createGate()
  const apps = createAppsDoor({ settings, root: home.root, write, oneAtATime, now, log })
  const files = once(async () => {
    const { openFilesRoom } = await import('./files/api/room.ts')
    return openFilesRoom({ home, homeOf, settings, oneAtATime, now, log })
  })
  const shell = await openShellRoom({ settings, root: home.root, write, credits, log })
  const { notifyAway } = shell
  const denied = createDenylistDoor({ settings, now, log })
  const { root } = home
  const share = shareReports()
  const conversations = createConversationsDoor({ settings, root, write, share, now, log })
  const around = { settings, home: root, notifyAway, denied, askOthers: conversations.ask, log }
  const terminals = createTerminalDoor(around)
  const chat = createChatDoor(around)
  const takeOther = conversations.take
  const channels = createChannelsDoor({ settings, root, write, share, ask: chat.ask, takeOther, now, log })
  const doorsFor = createDoors({
    ...{ settings, home, homeOf, apps, files, write, now, history, hub, shell, log },
    conversations,
  })

  const everybody = { method: 'GET', who: 'everybody' } as const
  const router = createRouter(
    [
      answering({ ...everybody, path: '/api/me' }, ({ visitor }) => describeTo(visitor, settings, home.root)),
      // A viewer's page asks as well, and what its owner may spend is none of its business.
      answering({ ...everybody, path: '/api/credits' }, async ({ visitor: { role } }) =>
        role === 'owner' ? await credits() : { alert: null },
      ),
      ...shell.routes,
    ],
    { settings, log },
  )
  const dispatches = [
    router,
    lazyRoom(APPS_API, async () => (await apps.open()).dispatch),
    channels.dispatch,
    conversations.dispatch,
    lazyRoom(`${FILES_API}/`, async () => (await files()).dispatch),
  ]

  return {
    async handle(request, response) {
      if (appOf(request) !== null && maySpeak(request)) return apps.handle(request, response)
      if (isFromPlatform(request) && maySpeak(request)) return channels.handOver(request, response)
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
      if (appOf(request) !== null && maySpeak(request)) return apps.upgrade(request, stream, head)
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
      const visitor = maySpeak(request) ? visitorOf(request) : null
      const doors = visitor ? doorsFor(visitor) : {}
      const serve = Object.hasOwn(doors, path) ? doors[path] : undefined
      const refuse = (status: number) => {
        log('upgrade refused', { status, ...describeRequest(request) })
        endWith(stream, status)
      }
      if (!visitor) return refuse(401)
      if (!isOwnOrigin(request, settings)) return refuse(403)
      if (path === TERMINAL_PATH && visitor.role === 'owner' && terminals)
        return terminals.upgrade(request, stream, head)
      if (path === CHAT_PATH && visitor.role === 'owner') return chat.upgrade(request, stream, head)
      if (!serve) return refuse(404)
      sockets.upgrade(request, stream, head, serve)
    },
    async stop() {
      const closed = sockets.close(1001, ASLEEP, CLOSE_WITHIN_MS)
      const rooms = [
        terminals?.stop(),
        chat.stop(),
        channels.stop(),
        shell.stop(),
        apps.stop(),
        conversations.stop(),
      ]
      await Promise.all([closed, hub.settled(), ...rooms])
      // A save may have come in with the last frame before the closing one.
      await hub.settled()
    },
  }
}

/** The home as a visitor sees it. */
const homesOf = (home: Home) => (visitor: Visitor) =>
  visitor.role === 'owner'
    ? home
    : viewerHome(home, [
        ...SHELL_FILES,
        BOOKS_FILE,
        BOOKS_ASIDE,
        ...CHAT_FILES,
        CHANNELS_FILE,
        ...(visitor.canUseNotes ? [] : [NOTES_FOLDER]),
      ])

function endWith(stream: Duplex, status: number): void {
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
