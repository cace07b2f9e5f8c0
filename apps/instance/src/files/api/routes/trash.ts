/** `trash` and `restore`. */

import { readJson } from '../../../http/json-body.ts'
import { sendJson } from '../../../http/pages.ts'
import type { Route } from '../../../http/routes.ts'
import type { Gate } from '../gate.ts'
import { restoreRequest, trashRequest } from '../protocol.ts'
import { createTrash } from '../trash.ts'
import type { Tree } from '../tree.ts'
import { at, sendNothing } from './parts.ts'

export function trashRoutes(tree: Tree, now: () => Date, oneAtATime: Gate): Route[] {
  const trash = createTrash({ tree, now, oneAtATime })
  const mine = { who: 'owner', path: at('trash') } as const
  return [
    {
      ...mine,
      method: 'POST',
      serve: async ({ request, response }) => {
        const { paths } = await readJson(request, trashRequest)
        sendJson(response, 201, { id: await trash.put(paths) })
      },
    },
    {
      method: 'POST',
      who: 'owner',
      path: at('restore'),
      serve: async ({ request, response }) => {
        const { id } = await readJson(request, restoreRequest)
        sendJson(response, 200, await trash.restore(id))
      },
    },
    { ...mine, method: 'GET', serve: async ({ response }) => sendJson(response, 200, await trash.list()) },
    {
      ...mine,
      method: 'DELETE',
      serve: async ({ response }) => {
        await trash.remove()
        sendNothing(response)
      },
    },
    {
      method: 'DELETE',
      who: 'owner',
      path: at('trash/:id'),
      serve: async ({ id, response }) => {
        await trash.remove(id)
        sendNothing(response)
      },
    },
  ]
}
