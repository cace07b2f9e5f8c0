/** `/api/apps`: what the computer's own page asks about its apps, and does with them. */
import { isAppName, parseUsd } from '@matrixos/shared'
import * as z from 'zod/mini'
import { readJson } from '../http/json-body.ts'
import { sendJson } from '../http/pages.ts'
import { RequestProblem } from '../http/problem.ts'
import { type Ask, answering, type Route } from '../http/routes.ts'
import { servedTree } from './folder.ts'
import type { Keeping } from './keeping.ts'
import { isIconFile } from './manifest.ts'
import { APPS_API } from './protocol.ts'
import { serveStatic } from './static.ts'

const newApp = z.object({ title: z.string().check(z.trim(), z.minLength(1), z.maxLength(60)) })
const renaming = z.object({ to: z.string().check(z.maxLength(64)) })
const LARGEST_LIMIT_NANO = 1_000_000_000_000n
const aiRequest = z.object({
  isAllowed: z.boolean(),
  limitUsd: z.optional(z.string().check(z.regex(/^\d{1,6}(\.\d{1,9})?$/))),
})

const at = (path: string) => `${APPS_API}/:id${path}`

/** Drawings run nothing when they are pictures; opened by themselves, they are still at the computer's own origin. */
const ICON_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

export function appRoutes(keeping: Keeping, root: string): Route[] {
  const mine = { who: 'owner' } as const
  const nameOf = ({ id }: Ask) => {
    if (!isAppName(id)) throw new RequestProblem(404, 'There is no such app.')
    return id
  }
  return [
    answering({ method: 'GET', path: APPS_API, who: 'everybody' }, async ({ visitor }) => ({
      apps: await keeping.list(visitor.role === 'owner'),
    })),
    {
      ...{ ...mine, method: 'POST', path: APPS_API },
      serve: async ({ request, response }) => {
        const { title } = await readJson(request, newApp)
        sendJson(response, 201, { name: await keeping.begin(title) })
      },
    },
    {
      ...{ who: 'everybody', method: 'GET', path: at('/icon') },
      serve: async (ask) => sendIcon(keeping, root, nameOf(ask), ask),
    },
    answering({ ...mine, method: 'POST', path: at('/rename') }, async (ask) => {
      const { to } = await readJson(ask.request, renaming)
      await keeping.rename(nameOf(ask), to)
      return { name: to }
    }),
    // One whose folder has no name for an address can be removed, too.
    answering({ ...mine, method: 'DELETE', path: at('') }, async ({ id }) => ({
      id: await keeping.remove(decodeName(id)),
    })),
    answering({ ...mine, method: 'GET', path: at('/log') }, async (ask) => ({
      text: await keeping.logOf(nameOf(ask)),
    })),
    answering({ ...mine, method: 'POST', path: at('/stop') }, async (ask) => {
      await keeping.stop(nameOf(ask))
      return {}
    }),
    answering({ ...mine, method: 'PUT', path: at('/ai') }, async (ask) => {
      const { isAllowed, limitUsd } = await readJson(ask.request, aiRequest)
      const limit = limitUsd === undefined ? undefined : parseUsd(limitUsd)
      if (limit !== undefined && limit > LARGEST_LIMIT_NANO)
        throw new RequestProblem(400, 'That limit is too large.')
      await keeping.decide(nameOf(ask), isAllowed, limit)
      return {}
    }),
  ]
}

async function sendIcon(
  keeping: Keeping,
  root: string,
  name: string,
  { request, response }: Ask,
): Promise<void> {
  const icon = (await keeping.read(name))?.manifest?.icon
  const wanted = icon && isIconFile(icon) ? `/${icon.split('/').map(encodeURIComponent).join('/')}` : null
  const serving = { path: wanted ?? '', entry: '', policy: ICON_POLICY, request, response }
  if (wanted === null || !(await serveStatic(servedTree(root, name), serving)))
    throw new RequestProblem(404, 'It has no such picture.')
}

function decodeName(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    throw new RequestProblem(400, 'That is not an address.')
  }
}
