/** Changes: `content`, `folder`, `file`, `move`, `copy`, `delete`. */
import type { ServerResponse } from 'node:http'
import type * as z from 'zod/mini'
import { readJson } from '../../../http/json-body.ts'
import { sendJson } from '../../../http/pages.ts'
import type { Route } from '../../../http/routes.ts'
import { copyEntry, moveEntry } from '../change.ts'
import { createLimit, type Gate } from '../gate.ts'
import { makeFile, makeFolder } from '../make.ts'
import * as protocol from '../protocol.ts'
import { saveContent } from '../save.ts'
import { deletePaths } from '../trash.ts'
import type { Tree } from '../tree.ts'
import { at, leavingOf, pathOf, sendNothing } from './parts.ts'

export function changingRoutes(tree: Tree, oneAtATime: Gate): Route[] {
  const copies = createLimit(2, 'Two copies are being made already. Wait for one of them.')
  const change = { method: 'POST', who: 'owner' } as const
  return [
    {
      method: 'PUT',
      who: 'owner',
      path: at('content'),
      serve: async (ask) => {
        const makesFolders = ask.query.get('folders') === '1'
        const saving = { path: pathOf(ask), makesFolders, request: ask.request }
        const { located, isNew } = await saveContent(tree, saving, oneAtATime)
        sendJson(ask.response, isNew ? 201 : 200, located)
      },
    },
    made('folder', protocol.makeRequest, ({ path }) => makeFolder(tree, path)),
    made('file', protocol.makeRequest, ({ path }) => makeFile(tree, path)),
    made('move', protocol.moveRequest, (way) => moveEntry(tree, way, oneAtATime)),
    made('copy', protocol.moveRequest, (way, response) =>
      copies(() => copyEntry(tree, way, leavingOf(response), oneAtATime)),
    ),
    {
      ...change,
      path: at('delete'),
      serve: async ({ request, response }) => {
        await deletePaths(tree, (await readJson(request, protocol.trashRequest)).paths)
        sendNothing(response)
      },
    },
  ]
}

/** A change that answers with what is there now. */
const made = <T extends z.ZodMiniType>(
  path: string,
  schema: T,
  act: (asked: z.output<T>, response: ServerResponse) => Promise<protocol.Located>,
): Route => ({
  method: 'POST',
  who: 'owner',
  path: at(path),
  serve: async ({ request, response }) =>
    sendJson(response, 201, await act(await readJson(request, schema), response)),
})
