/** Addresses that answer in JSON: by path, then by method. */

interface Answer {
  status: number
  body: unknown
}

/** `body`: what was sent, parsed and not yet checked; `undefined` where that is no JSON. */
type Route = (ask: { body: () => Promise<unknown> }) => Promise<Answer>

export type Routes = Record<string, Record<string, Route>>

export const done: Answer = { status: 200, body: {} }
export const wrong = (message: string): Answer => ({ status: 400, body: { message } })
