/** What a homeserver of this platform's own is told, as files: made of the platform's settings. Pure. */
import { homeserverConfigOf, LOG_CONFIG, registrationOf } from '@matrixos/host/synapse/config'
import { z } from 'zod'

const DEFAULT_LISTEN = '127.0.0.1:8008'
const DEFAULT_EVENTS = '127.0.0.1:8092'

/** The platform's own settings, which the homeserver has to agree with. */
export const settingsSchema = z.object({
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'Expected the landing page’s address, https://DOMAIN.' }),
  HOMESERVER_NAME: z.string().optional(),
  HOMESERVER_LISTEN: z.string().default(DEFAULT_EVENTS),
  HOMESERVER_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  HOMESERVER_FEDERATION: z.enum(['0', '1']).default('0'),
  /** Of the homeserver's own: the platform never uses it. */
  HOMESERVER_DATABASE_URL: z
    .url({ protocol: /^postgres(?:ql)?$/, error: 'Expected postgresql://USER:PASSWORD@HOST:PORT/NAME.' })
    .optional(),
})
export type HomeserverSettings = z.infer<typeof settingsSchema>

export interface Secrets {
  asToken: string
  hsToken: string
  macaroon: string
  form: string
}

/** Of files that were written before: a token that changes locks the platform out. `null`: they are not ours. */
export function secretsIn(registration: unknown, config: unknown): Secrets | null {
  const tokens = z.object({ as_token: z.string(), hs_token: z.string() }).safeParse(registration).data
  const rest = z.object({ macaroon_secret_key: z.string(), form_secret: z.string() }).safeParse(config).data
  if (!tokens || !rest) return null
  const { as_token: asToken, hs_token: hsToken } = tokens
  return { asToken, hsToken, macaroon: rest.macaroon_secret_key, form: rest.form_secret }
}

export interface HomeserverFilesOptions {
  settings: HomeserverSettings
  /** Where the files are, and its database if it has no other. */
  folder: string
  /** Where it answers: `HOST:PORT`. */
  listen?: string
  secrets: Secrets
}

/** By name. JSON is YAML, so that these are read by everything that reads either. */
export function homeserverFiles(options: HomeserverFilesOptions): Record<string, string> {
  const { settings, folder, listen = DEFAULT_LISTEN, secrets } = options
  const { hostname, protocol, port } = new URL(settings.PUBLIC_URL)
  const serverName = settings.HOMESERVER_NAME ?? hostname
  const at = listen.lastIndexOf(':')
  const eventsUrl = `http://${settings.HOMESERVER_LISTEN}`
  const matrixOrigin = `${protocol}//matrix.${hostname}${port === '' ? '' : `:${port}`}`
  const config = homeserverConfigOf({
    ...{ serverName, folder, secrets },
    publicUrl: settings.HOMESERVER_PUBLIC_URL ?? matrixOrigin,
    listen: { host: listen.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(listen.slice(at + 1)) },
    database: databaseOf(settings.HOMESERVER_DATABASE_URL, folder),
    registrationFile: `${folder}/registration.yaml`,
    federates: settings.HOMESERVER_FEDERATION === '1',
  })
  const text = (content: object) => `${JSON.stringify(content, null, 2)}\n`
  const { asToken, hsToken } = secrets
  return {
    'homeserver.yaml': text(config),
    'registration.yaml': text(registrationOf({ serverName, eventsUrl, asToken, hsToken })),
    'log.yaml': text(LOG_CONFIG),
    'platform.env': [
      `HOMESERVER_URL=http://${listen}`,
      `HOMESERVER_NAME=${serverName}`,
      `HOMESERVER_LISTEN=${settings.HOMESERVER_LISTEN}`,
      `HOMESERVER_AS_TOKEN=${asToken}`,
      `HOMESERVER_HS_TOKEN=${hsToken}`,
      `HOMESERVER_FEDERATION=${settings.HOMESERVER_FEDERATION}`,
      '',
    ].join('\n'),
    ...composeFile(settings.HOMESERVER_DATABASE_URL, folder),
  }
}

/** What `deploy/compose.homeserver.yaml` asks for. Its readers differ in what they make of quotes and of `$`. */
function composeFile(url: string | undefined, folder: string): Record<string, string> {
  const password = url === undefined ? '' : decodeURIComponent(new URL(url).password)
  if (!PLAIN.test(password) || !PLAIN.test(folder)) return {}
  return { 'compose.env': `HOMESERVER_FOLDER=${folder}\nHOMESERVER_DATABASE_PASSWORD=${password}\n` }
}

const PLAIN = /^[\w./~-]+$/

/** Connections that it keeps: Synapse's own advice for one process. */
const POOL = { cp_min: 5, cp_max: 10 }

function databaseOf(url: string | undefined, folder: string) {
  if (url === undefined) return { name: 'sqlite3' as const, args: { database: `${folder}/homeserver.db` } }
  const { username, password, hostname, port, pathname } = new URL(url)
  const args = {
    ...{ user: decodeURIComponent(username), password: decodeURIComponent(password), host: hostname },
    ...{ port: port === '' ? 5432 : Number(port), dbname: decodeURIComponent(pathname.slice(1)), ...POOL },
  }
  return { name: 'psycopg2' as const, args }
}
