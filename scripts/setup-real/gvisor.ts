/** gVisor's runsc: built with Go into the cache folder, and made known to the engine as a runtime of that name. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeAtomically } from '@matrixos/host/files'
import { dockerAvailable, dockerHasRuntime } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'
import { withRuntime } from './daemon-json.ts'
import { binDir, goInstall } from './go.ts'
import type { PartSetup } from './report.ts'
import { eventually, type System } from './system.ts'

const NAME = 'runsc'
/** Of gVisor's branch for Go; a branch's name is refused. */
const VERSION = 'v0.0.0-20260905035102-160fafc42237'
const MODULE = `gvisor.dev/gvisor/runsc@${VERSION}`
/** Needs no access to the machine's own virtualisation, which hangs where that is nested. */
const ARGUMENTS = ['--platform=systrap']
const DAEMON_FILE = '/etc/docker/daemon.json'
const PID_FILE = '/var/run/docker.pid'
const RELOAD_TIMEOUT_MS = 30_000

export const gvisorSetup = (system: System): PartSetup => ({
  part: 'gVisor',
  use: 'computers with a kernel of their own, INSTANCE_RUNTIME=runsc',
  advice: (isMac) =>
    isMac
      ? 'it runs on Linux alone'
      : `install runsc (https://gvisor.dev/docs/user_guide/install) and name it as a runtime "${NAME}" in ${DAEMON_FILE}`,
  isThere: () => dockerHasRuntime(NAME),
  install: async () => {
    if (!(await dockerAvailable()))
      throw new UserError('It is a runtime of the Docker Engine, which is not there')
    const program = join(binDir(), NAME)
    const built = existsSync(program) ? 'was built before' : `built in ${await goInstall(system, MODULE)}`
    const text = existsSync(DAEMON_FILE) ? readFileSync(DAEMON_FILE, 'utf8') : ''
    mkdirSync(dirname(DAEMON_FILE), { recursive: true })
    await writeAtomically(DAEMON_FILE, withRuntime(text, NAME, { path: program, runtimeArgs: ARGUMENTS }))
    await reload(system)
    return `${built}, known to the engine`
  },
})

/** The engine reads its file again without a restart: what runs in it goes on. */
async function reload(system: System): Promise<void> {
  if (system.hasSystemd) await runCommand('systemctl', ['reload', 'docker'])
  else if (existsSync(PID_FILE)) process.kill(Number(readFileSync(PID_FILE, 'utf8')), 'SIGHUP')
  if (await eventually(() => dockerHasRuntime(NAME), RELOAD_TIMEOUT_MS)) return
  throw new UserError(`The engine does not know it, though ${DAEMON_FILE} names it: restart Docker`)
}
