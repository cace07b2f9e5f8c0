/** schemathesis, in a Python environment of its own in the cache folder: `npm run test:openapi` compares the api with its document. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDir, findOnPath, schemathesisBinary } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { duration, runCommand } from '@matrixos/host/run-command'
import type { PartSetup } from './report.ts'
import { lastLines, type System } from './system.ts'

const PACKAGE = 'schemathesis==4.32.5'
const TIMEOUT_MS = 600_000

async function run(program: string, args: string[]): Promise<void> {
  const { code, output } = await runCommand(program, args, { timeoutMs: TIMEOUT_MS })
  if (code !== 0) throw new UserError(`${program} ${args.join(' ')} failed:\n${lastLines(output)}`)
}

export const schemathesisSetup = (system: System): PartSetup => ({
  part: 'schemathesis',
  use: 'the public api against its document, npm run test:openapi',
  advice: () => 'install Python 3.10 or newer with venv, and repeat this command',
  isThere: async () => schemathesisBinary() !== null,
  install: async () => {
    const startedMs = performance.now()
    if (!findOnPath('python3')) await system.aptInstall(['python3', 'python3-venv'])
    const folder = join(cacheDir(), 'schemathesis')
    // Half of one, from a run that was ended.
    rmSync(folder, { recursive: true, force: true })
    await run('python3', ['-m', 'venv', folder])
    await run(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', PACKAGE])
    return `installed in ${duration(performance.now() - startedMs)}`
  },
})
