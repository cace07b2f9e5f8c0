/** gVisor's runsc: built with Go into the cache folder, and registered with the Docker Engine as the runtime "runsc". */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheDir, dockerHasRuntime } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { duration, runCommand } from '@matrixos/host/run-command'
import { requireGo } from './go.ts'
import type { PartSetup } from './report.ts'
import { eventually, lastLines, type System } from './system.ts'

/** Branches are refused by Go's proxy: a commit of the branch that Go programs are built from. */
const MODULE = 'gvisor.dev/gvisor/runsc@v0.0.0-20260905035102-160fafc42237'
const DAEMON_FILE = '/etc/docker/daemon.json'
const RELOAD_TIMEOUT_MS = 15_000
const binary = () => join(cacheDir(), 'bin', 'runsc')

export const gvisorSetup = (system: System): PartSetup => ({
  part: 'gVisor',
  use: 'instances with a kernel of their own: INSTANCE_RUNTIME=runsc, or a plan',
  advice: () =>
    'install runsc (https://gvisor.dev/docs/user_guide/install) and register it with the Docker Engine as the runtime "runsc"',
  isThere: () => dockerHasRuntime('runsc'),
  install: async () => {
    const steps: string[] = []
    if (!existsSync(binary())) {
      const startedMs = performance.now()
      await build(system)
      steps.push(`built in ${duration(performance.now() - startedMs)}`)
    }
    register()
    await reloadDocker(system)
    return [...steps, 'registered with the Docker Engine as "runsc"'].join(', ')
  },
})

/** Without C: in the sandbox's own root there is no loader for what is linked dynamically. */
async function build(system: System): Promise<void> {
  const bin = dirname(binary())
  mkdirSync(bin, { recursive: true })
  const go = await requireGo(system)
  const env = { ...process.env, GOBIN: bin, CGO_ENABLED: '0' }
  const { code, output } = await runCommand(go, ['install', MODULE], { env, timeoutMs: 1_200_000 })
  if (code !== 0 || !existsSync(binary())) throw new UserError(`Building runsc failed:\n${lastLines(output)}`)
}

/** What else the operator wrote there stays. */
function register(): void {
  const before = existsSync(DAEMON_FILE) ? readFileSync(DAEMON_FILE, 'utf8') : ''
  const config = daemonConfigWith(before, binary())
  mkdirSync(dirname(DAEMON_FILE), { recursive: true })
  writeFileSync(`${DAEMON_FILE}.new`, config)
  renameSync(`${DAEMON_FILE}.new`, DAEMON_FILE)
}

/** `before`: what the file holds, or nothing. Throws a UserError for what is no JSON object. */
export function daemonConfigWith(before: string, runscPath: string): string {
  const config = parse(before)
  const runsc = { path: runscPath, runtimeArgs: ['--platform=systrap'] }
  return `${JSON.stringify({ ...config, runtimes: { ...config.runtimes, runsc } }, null, 2)}\n`
}

function parse(text: string): { runtimes?: Record<string, unknown> } {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Said below, as for any other text.
  }
  throw new UserError(`${DAEMON_FILE} does not hold a JSON object: correct it, and run this again.`)
}

/** It reads its runtimes anew; containers go on. */
async function reloadDocker({ hasSystemd }: System): Promise<void> {
  if (hasSystemd) await runCommand('systemctl', ['reload', 'docker'])
  else await runCommand('pkill', ['-HUP', '-x', 'dockerd'])
  if (await eventually(() => dockerHasRuntime('runsc'), RELOAD_TIMEOUT_MS)) return
  throw new UserError(`The Docker Engine did not take the runtime from ${DAEMON_FILE}: its log says why.`)
}
