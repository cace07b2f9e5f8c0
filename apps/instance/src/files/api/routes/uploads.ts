/** `uploads`. */

import { readJson } from '../../../http/json-body.ts'
import { sendJson } from '../../../http/pages.ts'
import { RequestProblem } from '../../../http/problem.ts'
import type { Route } from '../../../http/routes.ts'
import type { Gate } from '../gate.ts'
import { finishRequest, uploadRequest } from '../protocol.ts'
import type { Tree } from '../tree.ts'
import { createUploads } from '../uploads.ts'
import { at, sendNothing } from './parts.ts'

export function uploadRoutes(tree: Tree, now: () => Date, oneAtATime: Gate): Route[] {
  const uploads = createUploads({ tree, now, oneAtATime })
  const all = { who: 'owner', path: at('uploads') } as const
  const one = { who: 'owner', path: at('uploads/:id') } as const
  return [
    {
      ...all,
      method: 'POST',
      serve: async ({ request, response }) =>
        sendJson(response, 201, await uploads.create(await readJson(request, uploadRequest))),
    },
    {
      ...all,
      method: 'GET',
      serve: async ({ response }) => sendJson(response, 200, { uploads: await uploads.list() }),
    },
    {
      ...one,
      method: 'GET',
      serve: async ({ id, response }) => sendJson(response, 200, await uploads.get(id)),
    },
    {
      ...one,
      method: 'PATCH',
      serve: async ({ id, query, request, response }) => {
        const offset = Number(query.get('offset') ?? Number.NaN)
        if (!Number.isSafeInteger(offset)) throw new RequestProblem(400, 'Say from where on.')
        sendJson(response, 200, await uploads.append(id, offset, request))
      },
    },
    {
      method: 'POST',
      who: 'owner',
      path: at('uploads/:id/finish'),
      serve: async ({ id, request, response }) => {
        const { ifExists } = await readJson(request, finishRequest)
        sendJson(response, 201, await uploads.finish(id, ifExists))
      },
    },
    {
      ...one,
      method: 'DELETE',
      serve: async ({ id, response }) => {
        await uploads.remove(id)
        sendNothing(response)
      },
    },
  ]
}
