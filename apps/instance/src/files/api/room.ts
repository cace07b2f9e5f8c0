/** The files of the home over HTTP and WebSocket: everything below is loaded when somebody first asks for it. */
import type { WebSocket } from 'ws'
import type { Settings } from '../../env.ts'
import { createRouter, type Dispatch } from '../../http/routes.ts'
import type { Visitor } from '../../http/visitor.ts'
import { describeError, type Log } from '../../log.ts'
import type { Home } from '../home.ts'
import type { Gate } from './gate.ts'
import { changingRoutes } from './routes/change.ts'
import { readingRoutes } from './routes/read.ts'
import { trashRoutes } from './routes/trash.ts'
import { uploadRoutes } from './routes/uploads.ts'
import { serveWatch } from './socket.ts'
import { findLeftovers, removeLeftovers } from './staging.ts'
import { openTree, type Tree } from './tree.ts'
import { createWatcher } from './watch.ts'

export interface FilesRoom {
  dispatch: Dispatch
  watch(socket: WebSocket, visitor: Visitor): Promise<void>
}

export interface FilesRoomOptions {
  home: Home
  /** The home as a visitor sees it. */
  homeOf: (visitor: Visitor) => Home
  settings: Pick<Settings, 'externalOrigin'>
  /** Whoever else moves things about in the home goes through it as well. */
  oneAtATime: Gate
  now: () => Date
  log: Log
}

export async function openFilesRoom(options: FilesRoomOptions): Promise<FilesRoom> {
  const { home, homeOf, settings, oneAtATime, now, log } = options
  const own = openTree({ root: home.root })
  const treeOf = (visitor: Visitor): Tree =>
    visitor.role === 'owner' ? own : openTree({ root: home.root, hides: homeOf(visitor).hides })
  // Viewers share one of their own: whatever they watch, the owner can.
  const watchers = { owner: createWatcher(), viewer: createWatcher() }
  const routes = [
    ...readingRoutes(treeOf),
    ...changingRoutes(own, oneAtATime),
    ...trashRoutes(own, now, oneAtATime),
    ...uploadRoutes(own, now, oneAtATime),
  ]
  const notRemoved = (error: unknown) => log('leftovers not removed', describeError(error))
  // Before the first request: what that one makes there looks the same.
  const leftovers = await findLeftovers(own).catch((error) => {
    notRemoved(error)
    return []
  })
  removeLeftovers(own, leftovers).catch(notRemoved)
  return {
    dispatch: createRouter(routes, { settings, log }),
    async watch(socket, visitor) {
      serveWatch(socket, treeOf(visitor), watchers[visitor.role])
    },
  }
}
