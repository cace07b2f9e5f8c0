/** Synapse: installed with pip into a virtual environment of the cache folder. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { findOnPath } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { duration, runCommand } from '@matrixos/host/run-command'
import { SYNAPSE_VERSION, synapseBinary, synapseDir } from '@matrixos/host/synapse/binary'
import type { PartSetup } from './report.ts'
import { lastLines, type System } from './system.ts'

const OLDEST_PYTHON_MINOR = 10
const INSTALL_TIMEOUT_MS = 600_000

export const synapseSetup = (system: System): PartSetup => ({
  part: 'Synapse',
  use: 'the homeserver, for messages between people and their AIs',
  advice: () =>
    `install Python 3.${OLDEST_PYTHON_MINOR} or newer with its venv module (on Debian: python3-venv) and run this again`,
  isThere: async () => synapseBinary() !== null,
  install: async () => {
    const python = (await findPython()) ?? (await installPython(system))
    const startedMs = performance.now()
    const folder = synapseDir()
    // What an install that was broken off left behind.
    rmSync(folder, { recursive: true, force: true })
    await run(python, ['-m', 'venv', folder])
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
    await run(join(folder, 'bin', 'python'), [...pip, `matrix-synapse==${SYNAPSE_VERSION}`])
    if (!synapseBinary()) throw new UserError('Synapse was installed, but its program is not there')
    return `${SYNAPSE_VERSION} installed in ${duration(performance.now() - startedMs)}`
  },
})

async function run(program: string, args: string[]): Promise<void> {
  const { code, output } = await runCommand(program, args, { timeoutMs: INSTALL_TIMEOUT_MS })
  if (code !== 0) throw new UserError(`Installing Synapse failed:\n${lastLines(output)}`)
}

/** Debian keeps `ensurepip`, which makes virtual environments usable, in a package of its own. */
async function findPython(): Promise<string | null> {
  const python = findOnPath('python3')
  if (!python) return null
  const test = `import sys, venv, ensurepip; sys.exit(sys.version_info < (3, ${OLDEST_PYTHON_MINOR}))`
  return (await runCommand(python, ['-c', test])).code === 0 ? python : null
}

async function installPython(system: System): Promise<string> {
  if (system.canInstall) await system.aptInstall(['python3', 'python3-venv', 'ca-certificates'])
  const python = await findPython()
  if (python) return python
  throw new UserError(`Python 3.${OLDEST_PYTHON_MINOR} or newer with its venv module is missing`)
}
