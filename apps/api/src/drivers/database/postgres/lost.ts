/** Errors that mean the end of a connection. */
import postgres from 'postgres'

/** Of the driver and of the system. */
const CONNECTION_LOST = /^(CONNECTION_|ECONN|EPIPE|ETIMEDOUT)/
/** Of the PostgreSQL manual's appendix A: the server ends, ends what is connected, or is only just starting. */
const END_OF_SERVER = ['57P01', '57P02', '57P03']

export const isLost = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && CONNECTION_LOST.test(String(error.code))

export const isEndOfServer = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && END_OF_SERVER.includes(error.code)
