/** What answers at an app's own host, and nothing else of this computer does: its files or its server, its API, its rooms. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Tree } from '../files/api/tree.ts'
import type { ServeSocket } from '../http/sockets.ts'
import { describeError, describeRequest, type Log } from '../log.ts'
import { APP_API, type AppApi } from './api/api.ts'
import { FAVICON_PATH, iconFileOf, sendDrawnIcon } from './favicon.ts'
import { readApp, servedTree } from './folder.ts'
import { type Guest, guestOf, isFromApp } from './guest.ts'
import type { AppManifest } from './manifest.ts'
import { brokenApp, NO_APP, NO_FILE, sendMessage } from './page.ts'
import type { RoomsHub } from './rooms/hub.ts'
import { ROOM_NAME } from './rooms/messages.ts'
import { ServerProblem } from './servers/problem.ts'
import { passOn, passOnUpgrade } from './servers/proxy.ts'
import type { Servers } from './servers/servers.ts'
import { serveStatic } from './static.ts'

export interface AppHostOptions {
  root: string
  home: Tree
  /** Whose computer it is. */
  owner: string
  /** See `Settings.authToken`. */
  isBearerOurs: boolean
  api: AppApi
  rooms: RoomsHub
  servers: () => Promise<Servers>
  accept: (request: IncomingMessage, stream: Duplex, head: Buffer, serve: ServeSocket) => void
  log: Log
}

export interface AppHost {
  handle(request: IncomingMessage, response: ServerResponse, app: string): Promise<void>
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer, app: string): Promise<void>
}

const NOBODY = {
  status: 401,
  title: 'This app can’t be opened',
  words: 'Only those who were let in can open it.',
}

export function createAppHost(options: AppHostOptions): AppHost {
  const { root, home, owner, isBearerOurs, api, rooms, servers, log } = options

  const fromServer = async (
    request: IncomingMessage,
    response: ServerResponse,
    app: string,
    command: string,
  ) => {
    const lease = await (await servers()).use(app, command)
    try {
      await passOn({ request, lease, isBearerOurs }, response)
    } finally {
      lease.end()
    }
  }
  const fromFiles = async (
    request: IncomingMessage,
    response: ServerResponse,
    app: string,
    manifest: AppManifest,
  ) => {
    const { method = 'GET' } = request
    if (method !== 'GET' && method !== 'HEAD')
      return sendMessage(request, response, { ...NO_FILE, status: 405, title: 'This app only shows pages' })
    const path = pathOf(request)
    const files = servedTree(root, app)
    const serves = (wanted: string) =>
      serveStatic(files, { path: wanted, entry: manifest.entry, request, response })
    if (await serves(path)) return
    if (path !== FAVICON_PATH) return sendMessage(request, response, NO_FILE)
    const icon = iconFileOf(manifest)
    if (!icon || !(await serves(`/${encodeURI(icon)}`))) sendDrawnIcon(manifest, response)
  }

  const serve = async (asked: Served) => {
    const { app, manifest, guest, request, response } = asked
    if (pathOf(request).startsWith(APP_API)) return api.handle(asked)
    if (!manifest.server) return fromFiles(request, response, app, manifest)
    await fromServer(request, response, app, manifest.server.command).catch((error) =>
      explain(error, guest, request, response, log),
    )
  }

  return {
    async handle(request, response, name) {
      const guest = guestOf(request, owner)
      if (!guest) return sendMessage(request, response, NOBODY)
      const app = await readApp(home, root, name)
      if (!app) return sendMessage(request, response, NO_APP)
      const { manifest, problem } = app
      if (manifest) return serve({ app: app.name, manifest, guest, request, response })
      sendMessage(request, response, brokenApp(problem ?? '', guest.role === 'owner'))
    },
    async upgrade(request, stream, head, name) {
      const guest = guestOf(request, owner)
      const app = guest && (await readApp(home, root, name))
      const refuse = (status: number) => {
        log('app upgrade refused', { status, ...describeRequest(request) })
        stream.end(
          `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
        )
      }
      if (!guest) return refuse(401)
      if (!app?.manifest) return refuse(404)
      if (!isFromApp(request)) return refuse(403)
      const path = pathOf(request)
      if (path.startsWith(APP_API)) {
        const room = path.slice(`${APP_API}rooms/`.length)
        if (!path.startsWith(`${APP_API}rooms/`) || !ROOM_NAME.test(room)) return refuse(404)
        return options.accept(request, stream, head, async (socket, url) =>
          rooms.join(socket, {
            app: app.name,
            room,
            guest,
            id: api.identity.of(url.searchParams.get('as')).id,
          }),
        )
      }
      if (!app.manifest.server) return refuse(404)
      const lease = await (await servers()).use(app.name, app.manifest.server.command).catch(() => null)
      if (!lease) return refuse(503)
      await passOnUpgrade({ request, lease, isBearerOurs }, stream, head).finally(lease.end)
    },
  }
}

interface Served {
  app: string
  manifest: AppManifest
  guest: Guest
  request: IncomingMessage
  response: ServerResponse
}

function explain(
  error: unknown,
  guest: Guest,
  request: IncomingMessage,
  response: ServerResponse,
  log: Log,
): void {
  if (response.headersSent) return void response.destroy()
  const isOwner = guest.role === 'owner'
  if (!(error instanceof ServerProblem)) {
    log('app server failed', { ...describeRequest(request), ...describeError(error) })
    sendMessage(request, response, { ...brokenApp('Its server did not answer.', isOwner), status: 502 })
    return
  }
  const { message, lines, retryAfterS } = error
  sendMessage(request, response, {
    ...brokenApp(message, isOwner),
    ...(isOwner ? { lines } : {}),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
  })
}

const pathOf = ({ url }: IncomingMessage): string => (url ?? '/').split('?', 1)[0] ?? '/'
