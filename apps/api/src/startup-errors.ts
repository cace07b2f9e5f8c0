/** A database that cannot be opened, in words that say what to change. The URL's password is never shown. */

const HINTS: Record<string, string> = {
  ECONNREFUSED: 'Nothing listens there: start PostgreSQL, or correct host and port.',
  ENOTFOUND: 'This host name is unknown: correct it.',
  CONNECT_TIMEOUT: 'It did not answer: check host, port and firewall.',
  '28P01': 'User or password is wrong.',
  '28000': 'This user may not sign in from here: see pg_hba.conf.',
  '3D000': 'This database does not exist: create it (createdb), or correct the name.',
  '42501': 'This user may not create tables there: make it the owner of the database.',
}

function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
    if (at instanceof AggregateError) return codeOf(at.errors[0])
  }
  return ''
}

/** One line for the log. `url`: the configured one, if PostgreSQL is used. */
export function explainDatabaseError(error: unknown, url: string | undefined): string {
  const said = error instanceof Error ? error.message : String(error)
  if (!url) return `The database cannot be opened: ${said}`
  const { hostname, port, pathname, username } = new URL(url)
  const where = `${username ? `${username}@` : ''}${hostname}:${port || '5432'}${pathname}`
  const code = codeOf(error)
  const hint = HINTS[code] ?? said.replaceAll(url, where)
  return `DATABASE_URL (${where}) cannot be used: ${hint}${code ? ` [${code}]` : ''} Retrying; until then every request gets 503.`
}
