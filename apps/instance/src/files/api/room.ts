/** The files of the home over HTTP and WebSocket: everything below is loaded when somebody first asks for it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { WebSocket } from 'ws'
import { sendJson } from '../../http/pages.ts'
import { type Ask, createRouter, type Dispatch, type Route } from '../../http/routes.ts'
import type { Visitor } from '../../http/visitor.ts'
import type { Settings } from '../../env.ts'
import { describeError, describeRequest, type Log } from '../../log.ts'
import type { Home } from '../home.ts'
import { archive } from './archive.ts'
import { readJson } from './body.ts'
import { copyEntry, moveEntry } from './change.ts'
import { sendContent } from './content.ts'
import { dispositionOf } from './content-type.ts'
import { createGate, createLimit } from './gate.ts'
import { listFolder, statPath } from './listing.ts'
import { makeFile, makeFolder } from './make.ts'
import { problemOf, FilesProblem } from './problem.ts'
import * as protocol from './protocol.ts'
import { saveContent } from './save.ts'
import { search } from './search.ts'
import { serveWatch } from './socket.ts'
import { sweepStaging } from './staging.ts'
import { createTrash } from './trash.ts'
import { openTree, type Tree } from './tree.ts'
import { createUploads } from './uploads.ts'
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
