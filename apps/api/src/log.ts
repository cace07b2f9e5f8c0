/** The log: JSON lines; secrets are cut by name before they are written. */
import { type Logger, pino } from 'pino'

export type Log = Logger

const SECRET_PATHS = ['cookie', 'authorization', 'token', 'secret', 'password', 'ticket']

export const createLog = (options: { level: string; part: string }): Log =>
  pino({
    level: options.level,
    base: { part: options.part },
    redact: { paths: SECRET_PATHS.flatMap((name) => [name, `*.${name}`]), censor: '…' },
  })
