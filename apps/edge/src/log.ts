/** The log: JSON lines. Requests are never logged, so nothing in it is a secret but errors' own texts. */
import { type Logger, pino } from 'pino'

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>

export const createLog = (level: string): Logger => pino({ level, base: { part: 'edge' } })
