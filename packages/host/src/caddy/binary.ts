/** Finds a Caddy of the version that the configuration is for. */
import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

export const MINIMUM_CADDY = '2.11.4'
/** From here on its `request_body` has no deadlines, and Caddy refuses the configuration for them. */
const FIRST_REFUSED = '2.11.5'

const WHY =
  'Older ones refuse the configuration, drop WebSockets on every route change, or pass on identity headers ' +
  'that a client made up (CVE-2026-30851)'
const WHY_NOT_NEWER =
  'Newer ones refuse the configuration: they set deadlines for request bodies in another way'

export interface FindCaddy {
  /** `CADDY_BIN`: the one to take, and no other. */
  binary?: string | undefined
  /** The `PATH` to look through. */
  path?: string | undefined
  /** The version of a binary, as `v2.11.4`; throws when it cannot be run. */
  versionOf?: (file: string) => string
}

/** Path of the first Caddy found. Throws an Error that says what to do when there is none, or it is too old. */
export function findCaddy(options: FindCaddy): string {
  const candidates = options.binary
    ? [options.binary]
    : [
        join(homedir(), '.cache', 'matrixos', 'bin', 'caddy'),
        ...(options.path ?? '')
          .split(delimiter)
          .filter(Boolean)
          .map((folder) => join(folder, 'caddy')),
      ]
  const found = candidates.find(isExecutable)
  if (!found) {
    const where = options.binary
      ? `CADDY_BIN names ${options.binary}, which is not a program`
      : 'There is no caddy'
    throw new Error(`${where}. Run \`npm run setup:real\`, or set CADDY_BIN to Caddy ${MINIMUM_CADDY}.`)
  }
  assertCaddyVersion((options.versionOf ?? runVersion)(found), found)
  return found
}

/** `text` is what `versionOf` returned. A build that does not know its version passes: refused settings will tell. */
export function assertCaddyVersion(text: string, name: string): void {
  const version = /\bv(\d+\.\d+\.\d+)/.exec(text)?.[1]
  if (!version) return
  if (isOlder(version, MINIMUM_CADDY))
    throw new Error(`${name} is Caddy v${version}, but ${MINIMUM_CADDY} is needed. ${WHY}.`)
  if (!isOlder(version, FIRST_REFUSED))
    throw new Error(`${name} is Caddy v${version}, but ${MINIMUM_CADDY} is needed. ${WHY_NOT_NEWER}.`)
}

function isOlder(version: string, than: string): boolean {
  const limit = than.split('.').map(Number)
  const parts = version.split('.').map(Number)
  const differs = limit.findIndex((part, i) => part !== parts[i])
  return differs >= 0 && Number(parts[differs]) < Number(limit[differs])
}

/** What `caddy version` says, or, where the build left that out, the version of the module it was built from. */
function runVersion(file: string): string {
  const run = (command: string) => execFileSync(file, [command], { encoding: 'utf8', timeout: 10_000 })
  const version = run('version').trim()
  if (/^v?\d/.test(version)) return version.replace(/^(?=\d)/, 'v')
  return /github\.com\/caddyserver\/caddy\/v2\s+(v\S+)/.exec(run('build-info'))?.[1] ?? version
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
