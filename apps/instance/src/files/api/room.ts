/** The files of the home over HTTP and WebSocket: everything below is loaded when somebody first asks for it. */
import type { WebSocket } from 'ws'
import type { Settings } from '../../env.ts'
import { problemOf } from '../../http/problem.ts'
import { createRouter, type Dispatch } from '../../http/routes.ts'
import type { Visitor } from '../../http/visitor.ts'
import { describeError, type Log } from '../../log.ts'
import type { Home } from '../home.ts'
import { createGate } from './gate.ts'
import { changingRoutes } from './routes/change.ts'
import { readingRoutes } from './routes/read.ts'
import { trashRoutes } from './routes/trash.ts'
import { uploadRoutes } from './routes/uploads.ts'
import { serveWatch } from './socket.ts'
import { sweepStaging } from './staging.ts'
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
  now: () => Date
  log: Log
}

export function openFilesRoom({ home, homeOf, settings, now, log }: FilesRoomOptions): FilesRoom {
  const own = openTree({ root: home.root })
  const treeOf = (visitor: Visitor): Tree =>
    visitor.role === 'owner' ? own : openTree({ root: home.root, hides: homeOf(visitor).hides })
  const oneAtATime = createGate()
  // Viewers share one of their own: whatever they watch, the owner can.
  const watchers = { owner: createWatcher(), viewer: createWatcher() }
  const routes = [
    ...readingRoutes(treeOf),
    ...changingRoutes(own, oneAtATime),
    ...trashRoutes(own, now, oneAtATime),
    ...uploadRoutes(own, now, oneAtATime),
  ]
  sweepStaging(own).catch((error) => {
    if (problemOf(error).status !== 404) log('leftovers not removed', describeError(error))
  })
  return {
    dispatch: createRouter(routes, { settings, log }),
    async watch(socket, visitor) {
      serveWatch(socket, treeOf(visitor), watchers[visitor.role])
    },
  }
}
