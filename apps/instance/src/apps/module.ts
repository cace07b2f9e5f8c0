/** The apps of this computer, wired: what answers at their hosts, and what its own page asks about them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Settings } from '../env.ts'
import type { Gate } from '../files/api/gate.ts'
import { findLeftovers, removeLeftovers } from '../files/api/staging.ts'
import { createTrash } from '../files/api/trash.ts'
import { openTree } from '../files/api/tree.ts'
import type { WriteAtomic } from '../files/atomic.ts'
import { createRouter, type Dispatch } from '../http/routes.ts'
import { createSockets } from '../http/sockets.ts'
import { describeError, type Log } from '../log.ts'
import { once } from '../once.ts'
import { ASLEEP } from '../protocol.ts'
import { openBooks } from './ai/books.ts'
import { createConsent } from './ai/consent.ts'
import { createAiRoom } from './ai/room.ts'
import { createAppApi } from './api/api.ts'
import { createFiles } from './api/files.ts'
import { createKv } from './api/kv.ts'
import { createRate, createRates } from './api/rate.ts'
import { createSdkFiles } from './api/sdk-files.ts'
import { DATA_FOLDER, folderOf } from './folder.ts'
import { createAppHost } from './host.ts'
import { createKeeping } from './keeping.ts'
import { createRoomsHub } from './rooms/hub.ts'
import { ROOM_LIMITS } from './rooms/messages.ts'
import { appRoutes } from './routes.ts'
import { serverEnvironment } from './servers/environment.ts'
import type { Servers } from './servers/servers.ts'
import { createAppsSockets } from './socket.ts'

export interface AppsModule {
  /** Of the computer's own page. */
  dispatch: Dispatch
  watch(socket: WebSocket): Promise<void>
  /** Of an app's own host. */
  handle(request: IncomingMessage, response: ServerResponse, app: string): Promise<void>
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer, app: string): Promise<void>
  stop(): Promise<void>
}

export interface AppsModuleOptions {
  settings: Settings
  /** Folder of the home. */
  root: string
  write: WriteAtomic
  oneAtATime: Gate
  now: () => Date
  log: Log
}

/** Below the home, where no app can reach and no viewer looks: a folder for each app. */
export const APPS_STATE = '.local/state/matrixos/apps'

const CLOSE_WITHIN_MS = 500
/** Changes by everybody but the owner, in a second, of one app. */
const STRANGERS_WRITE = { perSecond: 10, atOnce: 50 }

export async function openApps(options: AppsModuleOptions): Promise<AppsModule> {
  const { settings, root, write, oneAtATime, now, log } = options
  const { handle: owner, terminal, authToken, appOriginPattern: originPattern } = settings
  const clock = () => performance.now()
  const home = openTree({ root })
  // Before anything is written: what a kill left looks the same.
  await findLeftovers(home, ['app'])
    .then((names) => removeLeftovers(home, names))
    .catch((error) => log('leftovers not removed', describeError(error)))
  const stateOf = (app: string) => `${APPS_STATE}/${app}`
  const stopping = new AbortController()
  const pages = createAppsSockets(home, root)
  const books = openBooks({ root, write, now })
  const consent = createConsent(books, pages.tellAll)
  const mayWrite = createRates<string>(() =>
    createRate(STRANGERS_WRITE.perSecond, STRANGERS_WRITE.atOnce, clock),
  )

  let running: Servers | null = null
  const servers = once(async () => {
    running = (await import('./servers/servers.ts')).createServers({
      ...{ clock, onChange: pages.tellAll },
      shell: terminal.kind === 'pty' ? terminal.shell : null,
      refusal: terminal.kind === 'pty' ? '' : refusalOf(terminal.reason),
      environment: environmentOf(settings, root),
      folderOf: (app) => join(root, folderOf(app)),
      logPathOf: (app) => join(root, stateOf(app), 'server.log'),
    })
    return running
  })
  const ai = createAiRoom({
    ...{ ai: settings.ai, books, consent, clock, stopping: stopping.signal, log },
    onSpent: pages.tellAll,
  })
  const api = createAppApi({
    rooms: {
      ai: ai.serve,
      files: createFiles({
        ...{ home, oneAtATime },
        dataTreeOf: (app) => openTree({ root: join(root, folderOf(app), DATA_FOLDER) }),
      }),
      kv: createKv({
        ...{ write, mayStrangerWrite: mayWrite },
        pathOf: (app) => join(root, stateOf(app), 'kv.json'),
      }),
    },
    ...{ sendSdk: createSdkFiles(), clock, log },
  })
  // Strangers are among them: they have less room than the computer's own pages.
  const sockets = createSockets({
    onFailure: (error) => log('room failed', describeError(error)),
    largestMessage: ROOM_LIMITS.frameBytes,
  })
  const host = createAppHost({
    ...{ root, home, owner, api, servers, log, isBearerOurs: authToken !== null },
    rooms: createRoomsHub(clock),
    accept: sockets.upgrade,
  })
  const keeping = createKeeping({
    ...{ root, home, oneAtATime, stateOf, originPattern, books, consent },
    trash: createTrash({ tree: home, now, oneAtATime }),
    servers: () => running,
    logOf: async (app) => (await servers()).logOf(app),
    refusal: terminal.kind === 'pty' ? null : refusalOf(terminal.reason),
    onChange: pages.tellAll,
  })
  return {
    dispatch: createRouter(appRoutes(keeping, root), { settings, log }),
    watch: pages.serve,
    handle: host.handle,
    upgrade: host.upgrade,
    async stop() {
      stopping.abort()
      await Promise.all([ai.settled(), running?.stopAll(), sockets.close(1001, ASLEEP, CLOSE_WITHIN_MS)])
    },
  }
}

const refusalOf = (reason: string) => `This app has a program of its own, and none runs here. ${reason}`

const environmentOf = ({ handle, terminal, shellEnvironment: given }: Settings, home: string) =>
  terminal.kind === 'pty' ? serverEnvironment({ handle, home, shell: terminal.shell, given }) : {}
