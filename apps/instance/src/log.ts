/** One line of JSON per event. Nothing that a client sent is written but method and path: a query may hold secrets. */
import type { IncomingMessage } from 'node:http'

export type Log = (msg: string, details?: Record<string, unknown>) => void

export interface LogOptions {
  now: () => Date
  write: (line: string) => void
}

export const createLog =
  ({ now, write }: LogOptions): Log =>
  (msg, details = {}) =>
    write(`${JSON.stringify({ time: now().toISOString(), msg, ...details })}\n`)

const PATH_KEPT = 200

/** What a log line says of a request. */
export const describeRequest = ({ method, url = '/' }: IncomingMessage) => ({
  method,
  path: url.split('?', 1)[0]?.slice(0, PATH_KEPT),
})

/** What a log line says of an error: its message, and where it came from. */
export const describeError = (error: unknown) =>
  error instanceof Error
    ? {
        error: error.message,
        stack: error.stack,
        ...(error.cause === undefined ? {} : { cause: String(error.cause) }),
      }
    : { error: String(error) }
