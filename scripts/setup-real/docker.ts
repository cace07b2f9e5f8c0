/** Docker Engine: installed from Debian's package, started by systemd or directly. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDir, dockerAvailable, findOnPath } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'
import type { PartSetup } from './report.ts'
import { eventually, lastLines, type System } from './system.ts'

const START_TIMEOUT_MS = 60_000
const BRIDGE_FILTER = '/proc/sys/net/bridge/bridge-nf-call-iptables'

export const dockerSetup = (system: System): PartSetup => ({
  part: 'Docker Engine',
  use: 'instances in containers, isolated from each other',
  advice: (isMac) =>
    isMac
      ? 'install Docker Desktop (https://docs.docker.com/desktop) and start it'
      : 'install Docker Engine (https://docs.docker.com/engine/install), start it, and let this user reach its socket',
  isThere: async () => (await dockerAvailable()) && ((bridgeIsFiltered() && hasNft()) || !system.canInstall),
  install: async () => {
    const steps: string[] = []
    if (!(await dockerAvailable())) {
      if (!findOnPath('dockerd') && !existsSync('/usr/sbin/dockerd')) {
        await system.aptInstall(['docker.io', 'iptables', 'ca-certificates'])
        steps.push('installed')
      }
      if (!(await dockerAvailable())) await startDocker(system)
      steps.push('started')
    }
    if (!hasNft()) {
      await system.aptInstall(['nftables'])
      steps.push('nft installed')
    }
    if (await filterBridge()) steps.push('bridge traffic goes through iptables')
    else if (!bridgeIsFiltered())
      steps.push(`(${BRIDGE_FILTER} could not be set to 1: isolation between instances is proved at start)`)
    return steps.join(', ') || 'running'
  },
})

/** Keeps what instances reach: see INSTANCE_FIREWALL. */
const hasNft = () => Boolean(findOnPath('nft')) || existsSync('/usr/sbin/nft')

async function startDocker(system: System): Promise<void> {
  if (system.hasSystemd) await runCommand('systemctl', ['enable', '--now', 'docker'])
  else startByHand()
  if (await eventually(dockerAvailable, START_TIMEOUT_MS)) return
  const log = system.hasSystemd ? 'journalctl -u docker' : lastLines(readFileSync(logPath(), 'utf8'))
  throw new UserError(`dockerd does not answer after ${START_TIMEOUT_MS / 1000} s:\n${log}`)
}

const logPath = () => join(cacheDir(), 'dockerd.log')

/** In a session of its own, so that it outlives this script. */
function startByHand(): void {
  mkdirSync(cacheDir(), { recursive: true })
  const log = openSync(logPath(), 'a')
  const path = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`
  spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log], env: { ...process.env, PATH: path } })
    .on('error', () => {})
    .unref()
}

/** Without it, a bridge with `enable_icc=false` still lets its containers talk to each other. */
const bridgeIsFiltered = () => existsSync(BRIDGE_FILTER) && readFileSync(BRIDGE_FILTER, 'utf8').trim() === '1'

/** Whether this call changed it. */
async function filterBridge(): Promise<boolean> {
  if (bridgeIsFiltered()) return false
  await runCommand('modprobe', ['br_netfilter'])
  try {
    if (existsSync(BRIDGE_FILTER)) writeFileSync(BRIDGE_FILTER, '1')
  } catch {
    // A container without the right to: said by the caller.
  }
  return bridgeIsFiltered()
}
