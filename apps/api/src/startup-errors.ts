/** A database that cannot be opened, in words that say what to change. The URL's password is never shown. */

const HINTS: Record<string, string> = {
  ECONNREFUSED: 'Nothing is listening there: start PostgreSQL, or correct the host and port.',
  ENOTFOUND: 'The host name does not resolve: correct it.',
  CONNECT_TIMEOUT: 'It did not respond: check the host, port and firewall.',
  ETIMEDOUT: 'It stopped responding: check the host, network and firewall.',
  CONNECTION_DESTROYED: 'It stopped responding: check the host, network and firewall.',
  '28P01': 'Incorrect user or password.',
  '28000': 'This user may not connect from here: see pg_hba.conf.',
  '3D000': 'This database does not exist: create it (createdb), or correct the name.',
  '42501': 'This user may not create tables there: make it the owner of the database.',
}

/** The innermost error: drizzle wraps the driver's, the driver the socket's. */
function innermost(error: unknown): unknown {
  const inner =
    error instanceof AggregateError ? error.errors[0] : error instanceof Error ? error.cause : undefined
  return inner === undefined ? error : innermost(inner)
}

/** One line for the log. `url`: the configured one, if PostgreSQL is used. */
export function explainDatabaseError(error: unknown, url: string | undefined): string {
  const reason = innermost(error)
  const said = reason instanceof Error ? reason.message : String(reason)
  if (!url) return `The database cannot be opened: ${error instanceof Error ? error.message : said}`
  const { hostname, port, pathname, username } = new URL(url)
  const where = `${username ? `${username}@` : ''}${hostname}:${port || '5432'}${pathname}`
  const code = reason instanceof Error && 'code' in reason ? String(reason.code) : ''
  const hint = HINTS[code] ?? said.replaceAll(url, where)
  return `DATABASE_URL (${where}) cannot be used: ${hint}${code ? ` [${code}]` : ''} Retrying; until then every request gets 503.`
}
