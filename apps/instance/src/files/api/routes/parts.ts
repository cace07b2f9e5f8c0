/** What the routes have in common. */
import type { ServerResponse } from 'node:http'
import { RequestProblem } from '../../../http/problem.ts'
import type { Ask } from '../../../http/routes.ts'
import { FILES_API } from '../protocol.ts'

export const at = (path: string): string => `${FILES_API}/${path}`

export const pathOf = ({ query }: Ask): string => {
  const path = query.get('path')
  if (path === null) throw new RequestProblem(400, 'Say which file or folder.')
  return path
}

/** Aborted when the client leaves before the answer is through. */
export function leavingOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  return gone.signal
}

export const sendNothing = (response: ServerResponse): void => void response.writeHead(204).end()
