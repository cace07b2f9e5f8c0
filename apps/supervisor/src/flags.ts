/** The command line of `npm start`. */
import { parseArgs } from 'node:util'
import { UserError } from '@matrixos/host/root'

export interface Flags {
  docker: boolean
  caddy: boolean
  postgres: boolean
  single: boolean
  help: boolean
  port?: number
}

export const USAGE = `Usage: npm start -- [options]

  --docker     instances in Docker containers       (default: child processes, development only, no isolation)
  --caddy      Caddy as the edge                    (default: the embedded Node proxy)
  --postgres   PostgreSQL as the database           (default: PGlite, inside DATA_DIR)
  --single     one person's own computer: at the domain itself, always on, claimed with a code from the log
  --port N     the one public port on localhost     (default: 8080)
  --help       this text

npm run setup:real installs what --docker, --caddy and --postgres need. --postgres uses DATABASE_URL or, if it is not
set, the database that setup:real made. Environment variables set everything else: deploy/README.md lists them.`

/**
 * Reads the arguments. npm swallows flags that are not behind `--` (`npm start --docker`) and hands them on as
 * `npm_config_…`: those count too. Throws a UserError with the usage for anything unknown.
 */
export function parseFlags(args: string[], env: NodeJS.ProcessEnv): Flags {
  const swallowed = env.npm_lifecycle_event === 'start' ? env : {}
  const given = readArgs(args)
  const port = given.port ?? swallowed.npm_config_port
  return {
    docker: given.docker || swallowed.npm_config_docker === 'true',
    caddy: given.caddy || swallowed.npm_config_caddy === 'true',
    postgres: given.postgres || swallowed.npm_config_postgres === 'true',
    single: given.single || swallowed.npm_config_single === 'true',
    help: given.help ?? false,
    ...(port === undefined ? {} : { port: portOf(port) }),
  }
}

function readArgs(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      strict: true,
      options: {
        docker: { type: 'boolean', default: false },
        caddy: { type: 'boolean', default: false },
        postgres: { type: 'boolean', default: false },
        single: { type: 'boolean', default: false },
        port: { type: 'string', short: 'p' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return values
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. To specify')[0] : String(error)
    throw new UserError(`${reason}.\n\n${USAGE}`)
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port >= 1 && port <= 65_535) return port
  throw new UserError(`--port expects a number from 1 to 65535, not "${text}".\n\n${USAGE}`)
}
