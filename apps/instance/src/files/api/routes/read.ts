/** Reading, which viewers may as well: `list`, `stat`, `content`, `archive`, `search`. */
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { sendJson } from '../../../http/pages.ts'
import { RequestProblem } from '../../../http/problem.ts'
import type { Ask, Route } from '../../../http/routes.ts'
import type { Visitor } from '../../../http/visitor.ts'
import { archive } from '../archive.ts'
import { sendContent } from '../content.ts'
import { dispositionOf } from '../content-type.ts'
import { createLimit, type Gate } from '../gate.ts'
import { listFolder, statPath } from '../listing.ts'
import { search } from '../search.ts'
import type { Tree } from '../tree.ts'
import { at, leavingOf, pathOf } from './parts.ts'

export function readingRoutes(treeOf: (visitor: Visitor) => Tree): Route[] {
  const searches = createLimits('Two searches are under way already. Wait for them, or stop one.')
  const archives = createLimits('Two archives are being made already. Wait for one of them.')
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
    {
      ...read,
      path: at('archive'),
      serve: (ask) => archives[ask.visitor.role](() => sendArchive(treeOf(ask.visitor), ask)),
    },
    {
      ...read,
      path: at('search'),
      serve: (ask) => searches[ask.visitor.role](() => sendSearch(treeOf(ask.visitor), ask)),
    },
  ]
}

/** Viewers share one of their own: whatever they hold up, the owner has theirs. */
const createLimits = (message: string): Record<Visitor['role'], Gate> => ({
  owner: createLimit(2, message),
  viewer: createLimit(2, message),
})

async function sendArchive(tree: Tree, { query, request, response }: Ask): Promise<void> {
  const signal = leavingOf(response)
  if (request.method === 'HEAD') return void response.writeHead(200, { 'content-type': ZIP }).end()
  const { name, send } = await archive(tree, query.getAll('path'), signal)
  response.writeHead(200, {
    'content-type': ZIP,
    'content-disposition': dispositionOf('attachment', `${name}.zip`),
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  })
  await send((bytes) => writeTo(response, bytes))
  response.end()
}

/** Resolves when more may be written. Cut off, a .zip has no list of its files: no program takes it for a whole one. */
async function writeTo(response: ServerResponse, bytes: Buffer): Promise<void> {
  if (response.destroyed) throw new Error('The client has left.')
  if (response.write(bytes)) return
  await new Promise<void>((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
}

const ZIP = 'application/zip'
const LONGEST_QUERY = 200

async function sendSearch(tree: Tree, { query, request, response }: Ask): Promise<void> {
  const words = (query.get('query') ?? '').trim()
  const where = query.get('in') ?? 'names'
  if (words === '' || words.length > LONGEST_QUERY)
    throw new RequestProblem(400, 'Say what to look for, in up to 200 letters.')
  if (where !== 'names' && where !== 'contents')
    throw new RequestProblem(400, 'I search in names or in contents.')
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
  const lines = async function* () {
    for (let step = first; !step.done; step = await found.next()) yield `${JSON.stringify(step.value)}\n`
  }
  try {
    if (request.method !== 'HEAD') await pipeline(lines, response)
  } finally {
    // Between two steps it holds folders open.
    await found.return(undefined)
  }
  response.end()
}
