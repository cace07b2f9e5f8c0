/** The log: JSON lines. Requests are never logged, so only the texts of errors could hold a secret. */
import { type Logger, pino } from 'pino'

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>

export const createLog = (level: string): Logger => pino({ level, base: { part: 'edge' } })
