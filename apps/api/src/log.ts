/** The log: JSON lines; secrets are cut by name before they are written. */
import { type Logger, pino, type SerializedError, stdSerializers } from 'pino'

export type Log = Logger

const SECRET_PATHS = ['cookie', 'authorization', 'token', 'secret', 'password', 'ticket']

/** drizzle's errors carry every bound value, secrets among them, in a field and at the end of the message. */
function withoutParams(error: unknown): unknown {
  const plain = stdSerializers.err(error as Error)
  if (plain === null || typeof plain !== 'object') return plain
  const { params: _params, cause, ...rest } = plain as SerializedError & { params?: unknown; cause?: unknown }
  const cut = (text: string) => text.replace(/\nparams:[\s\S]*?(?=\n {4}at |$)/g, '')
  return {
    ...rest,
    message: cut(rest.message),
    stack: cut(rest.stack),
    ...(cause ? { cause: withoutParams(cause) } : {}),
  }
}

export const serializers = { err: withoutParams }

export const createLog = (options: { level: string; part: string }): Log =>
  pino({
    level: options.level,
    base: { part: options.part },
    serializers,
    redact: { paths: SECRET_PATHS.flatMap((name) => [name, `*.${name}`]), censor: '…' },
  })
