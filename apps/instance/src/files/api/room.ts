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

export function openFilesRoom({ home, homeOf, settings, now, log }: FilesRoomOptions): FilesRoom {
  const own = openTree({ root: home.root })
  const treeOf = (visitor: Visitor): Tree =>
    visitor.role === 'owner' ? own : openTree({ root: home.root, hides: homeOf(visitor).hides })
  const oneAtATime = createGate()
  const watcher = createWatcher()
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
    dispatch: createRouter(routes.map((route) => explained(route, log)), settings),
    async watch(socket, visitor) {
      serveWatch(socket, treeOf(visitor), watcher)
    },
  }
}

/** Tells in plain words what went wrong. A client that has left is told nothing. */
function explained(route: Route, log: Log): Route {
  return {
    ...route,
    async serve(ask) {
      const { request, response, query } = ask
      try {
        // A page of an app has its owner's identity, and none of its owner's rights here.
        if (request.headers[APP_HEADER] !== undefined) throw new FilesProblem(403, 'Apps cannot do this.')
        await route.serve(ask)
      } catch (error) {
        if (response.destroyed || request.destroyed) return void response.destroy()
        const { status, problem } = problemOf(error, query.get('path') || undefined)
        if (status === 500) log('files request failed', { ...describeRequest(request), ...describeError(error) })
        if (response.headersSent) response.destroy()
        else sendJson(response, status, problem)
      }
    },
  }
}

const APP_HEADER = 'x-mos-app'

const at = (path: string): string => `${protocol.FILES_API}/${path}`

const pathOf = ({ query }: Ask): string => {
  const path = query.get('path')
  if (path === null) throw new FilesProblem(400, 'Say which file or folder.')
  return path
}

/** Aborted when the client leaves before the answer is through. */
function leavingOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  return gone.signal
}

function readingRoutes(treeOf: (visitor: Visitor) => Tree): Route[] {
  const searches = createLimit(2, 'Two searches are under way already. Wait for them, or stop one.')
  const archives = createLimit(2, 'Two archives are being made already. Wait for one of them.')
  const read = { method: 'GET', who: 'everybody' } as const
  return [
    {
      ...read,
      path: at('list'),
      serve: async (ask) => sendJson(ask.response, 200, await listFolder(treeOf(ask.visitor), pathOf(ask))),
    },
    {
      ...read,
      path: at('stat'),
      serve: async (ask) => sendJson(ask.response, 200, await statPath(treeOf(ask.visitor), pathOf(ask))),
    },
    {
      ...read,
      path: at('content'),
      serve: (ask) =>
        sendContent(treeOf(ask.visitor), {
          path: pathOf(ask),
          isDownload: ask.query.get('download') === '1',
          request: ask.request,
          response: ask.response,
        }),
    },
    { ...read, path: at('archive'), serve: (ask) => archives(() => sendArchive(treeOf(ask.visitor), ask)) },
    { ...read, path: at('search'), serve: (ask) => searches(() => sendSearch(treeOf(ask.visitor), ask)) },
  ]
}

async function sendArchive(tree: Tree, { query, request, response }: Ask): Promise<void> {
  const signal = leavingOf(response)
  if (request.method === 'HEAD') return void response.writeHead(200, { 'content-type': ZIP }).end()
  const { name, stream, done } = await archive(tree, query.getAll('path'), signal)
  response.writeHead(200, {
    'content-type': ZIP,
    'content-disposition': dispositionOf('attachment', `${name}.zip`),
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  })
  // Cut off, a .zip has no list of its files: no program takes it for a whole one.
  done.catch(() => response.destroy())
  await Promise.all([done, pipeline(stream, response)])
}

const ZIP = 'application/zip'
const LONGEST_QUERY = 200

async function sendSearch(tree: Tree, { query, request, response }: Ask): Promise<void> {
  const words = (query.get('query') ?? '').trim()
  const where = query.get('in') ?? 'names'
  if (words === '' || words.length > LONGEST_QUERY) throw new FilesProblem(400, 'Say what to look for, in up to 200 letters.')
  if (where !== 'names' && where !== 'contents') throw new FilesProblem(400, 'I search in names or in contents.')
  const signal = leavingOf(response)
  const path = query.get('path') ?? ''
  const found = search(tree, { query: words, where, path, signal, clock: () => performance.now() })
  // The first step tells whether there is such a folder at all.
  const first = await found.next()
  response.writeHead(200, {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  if (request.method === 'HEAD') return void response.end()
  await pipeline(async function* () {
    for (let step = first; !step.done; step = await found.next()) yield `${JSON.stringify(step.value)}\n`
  }, response)
}
