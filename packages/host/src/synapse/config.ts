/** What Synapse is told: as it serves one platform, and nobody else. Pure; JSON is YAML. */

/** Whatever runs in a computer has its token: of one account in a day. Otherwise one of them could fill the server's disk. */
const MEDIA_PER_DAY = '100M'
/** Of one file. */
const LARGEST_MEDIA = '20M'

export interface SynapseSettings {
  /** The part of user ids after the colon: the platform's domain. */
  serverName: string
  /** Where people's own clients reach it. */
  publicUrl: string
  /** Its keys, media and log settings. */
  folder: string
  listen: { host: string; port: number }
  database: { name: 'sqlite3'; args: { database: string } } | { name: 'psycopg2'; args: object }
  /** The file that `registrationOf` is written to. */
  registrationFile: string
  /** Whether it talks to other homeservers. */
  federates: boolean
  secrets: { macaroon: string; form: string }
}

export const homeserverConfigOf = (settings: SynapseSettings) => {
  const { serverName, publicUrl, folder, listen, database, registrationFile, federates, secrets } = settings
  const names = federates ? ['client', 'federation'] : ['client']
  return {
    server_name: serverName,
    public_baseurl: `${publicUrl.replace(/\/+$/, '')}/`,
    pid_file: `${folder}/homeserver.pid`,
    signing_key_path: `${folder}/signing.key`,
    media_store_path: `${folder}/media`,
    log_config: `${folder}/log.yaml`,
    report_stats: false,
    listeners: [
      {
        ...{ port: listen.port, bind_addresses: [listen.host], type: 'http', x_forwarded: true },
        ...{ tls: false, resources: [{ names }] },
      },
    ],
    database,
    app_service_config_files: [registrationFile],
    // The platform makes every account; nobody has a password here.
    ...{ enable_registration: false, password_config: { enabled: false } },
    // A client that starts again is otherwise given the answer to its first sync of before.
    caches: { sync_response_cache_duration: '0s' },
    // Of tokens that computers are given: each asks for the next one before that, and what was copied out of it ends with them.
    ...{ refreshable_access_token_lifetime: '2h', session_lifetime: null },
    max_upload_size: LARGEST_MEDIA,
    media_upload_limits: [{ time_period: '1d', max_size: MEDIA_PER_DAY }],
    // It would fetch whatever address somebody writes into a message.
    url_preview_enabled: false,
    encryption_enabled_by_default_for_room_type: 'invite',
    require_auth_for_profile_requests: true,
    limit_profile_requests_to_users_who_share_rooms: true,
    trusted_key_servers: federates ? [{ server_name: 'matrix.org' }] : [],
    suppress_key_server_warning: true,
    ...(federates ? {} : { federation_domain_whitelist: [] }),
    macaroon_secret_key: secrets.macaroon,
    form_secret: secrets.form,
  }
}

/** Warnings alone, on standard error: its information names who talks with whom. */
export const LOG_CONFIG = {
  version: 1,
  formatters: { plain: { format: '%(asctime)s %(levelname)s %(name)s %(message)s' } },
  handlers: { console: { class: 'logging.StreamHandler', formatter: 'plain' } },
  root: { level: 'WARNING', handlers: ['console'] },
  disable_existing_loggers: false,
}

export interface RegistrationSettings {
  serverName: string
  /** Where the api takes events. */
  eventsUrl: string
  asToken: string
  hsToken: string
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** How the homeserver knows the platform. Every name that a person or an AI can have is the platform's alone to give. */
export const registrationOf = ({ serverName, eventsUrl, asToken, hsToken }: RegistrationSettings) => ({
  id: 'matrixos',
  url: eventsUrl,
  as_token: asToken,
  hs_token: hsToken,
  sender_localpart: '_matrixos',
  rate_limited: false,
  receive_ephemeral: false,
  namespaces: {
    users: [{ exclusive: true, regex: `@[a-z][a-z0-9-]*(\\.[0-9]+)?(_ai)?:${escaped(serverName)}` }],
    aliases: [],
    rooms: [],
  },
})
