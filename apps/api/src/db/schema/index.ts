/** The tables, for PostgreSQL and PGlite alike. Only stores query them. */
export * from './accounts.ts'
export * from './administration.ts'
export * from './credentials.ts'
export * from './instances.ts'
export * from './limits.ts'
export * from './quota.ts'
export * from './sessions.ts'
export * from './tokens.ts'
