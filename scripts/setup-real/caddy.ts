/** Caddy: built with Go into the cache folder, because distributions carry older ones. */

import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MINIMUM_CADDY as CADDY_VERSION } from '@matrixos/host/caddy/binary'
import { cacheDir, caddyBinary, findOnPath } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { goInstall } from './go.ts'
import type { PartSetup } from './report.ts'
import type { System } from './system.ts'

const MODULE = `github.com/caddyserver/caddy/v2/cmd/caddy@v${CADDY_VERSION}`

export const caddySetup = (system: System): PartSetup => ({
  part: 'Caddy',
  use: 'the production edge',
  advice: () =>
    `put Caddy ${CADDY_VERSION} (https://caddyserver.com/download) at ${join(cacheDir(), 'bin', 'caddy')}, ` +
    `set CADDY_BIN to it, or install Go (https://go.dev/dl) and run this again`,
  isThere: async () =>
    (await caddyBinary()) !== null && ((canCut() && migratesConnections()) || !system.canInstall),
  install: async () => {
    if (!canCut()) await system.aptInstall(['iproute2'])
    if (!migratesConnections()) migrateConnections()
    if (await caddyBinary()) return 'ready, with what it needs from the system'
    const took = await goInstall(system, MODULE)
    if (!(await caddyBinary())) throw new UserError('Caddy was built, but is not in the cache folder.')
    return `${CADDY_VERSION} built in ${took}`
  },
})

/** `ss` closes what is open to an instance when a session ends: Caddy has no word for that. */
const canCut = () => process.platform !== 'linux' || findOnPath('ss') !== null

/**
 * With each change of its configuration Caddy opens a new listening socket beside the old one. Connections that wait
 * in the old one's queue are reset when it closes, unless the kernel (Linux 5.14 or newer) moves them to the new one.
 */
const MIGRATE_CONNECTIONS = '/proc/sys/net/ipv4/tcp_migrate_req'

/** Also where there is no such switch, or it is not ours to turn: Caddy works without it. */
function migratesConnections(): boolean {
  try {
    accessSync(MIGRATE_CONNECTIONS, constants.W_OK)
    return readFileSync(MIGRATE_CONNECTIONS, 'utf8').trim() !== '0'
  } catch {
    return true
  }
}

function migrateConnections(): void {
  try {
    writeFileSync(MIGRATE_CONNECTIONS, '1')
  } catch {
    // A container may see the switch without being allowed to turn it.
  }
}
