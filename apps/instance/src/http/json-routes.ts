/** Addresses of the owner's own page that answer in JSON. */
import { inPlainWords } from '../files/plain-words.ts'
import { describeError, type Log } from '../log.ts'
import { readJson } from './json-body.ts'
import { sendJson } from './pages.ts'
import type { Route } from './routes.ts'

interface Answer {
  status: number
  body: unknown
}

/** `body`: what was sent, parsed and not yet checked; `undefined` where that is no JSON. */
type Respond = (body: () => Promise<unknown>) => Promise<Answer>

export type JsonRoute = (method: Route['method'], path: string, respond: Respond) => Route

export const answer = (body: unknown): Answer => ({ status: 200, body })
export const refuse = (status: number, message: string): Answer => ({ status, body: { message } })

const LARGEST_BODY = 256 * 1024

export const createJsonRoute =
  (log: Log): JsonRoute =>
  (method, path, respond) => ({
    method,
    path,
    who: 'owner',
    async serve({ request, response }) {
      const { status, body } = await respond(() => readJson(request, LARGEST_BODY)).catch((error) => {
        log('shell failed', { path, ...describeError(error) })
        return refuse(statusOf(error), inPlainWords(error, 'The shell'))
      })
      sendJson(response, status, body)
    },
  })

const FULL = ['ENOSPC', 'EDQUOT']

const statusOf = (error: unknown): number =>
  error instanceof Error && 'code' in error && FULL.includes(String(error.code)) ? 507 : 500
