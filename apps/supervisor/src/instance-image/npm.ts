/** npm for the image, fetched by the npm that is here. */
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { environment } from '@matrixos/host/env'
import { UserError } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'

/** Resolves to the package's folder, kept below `folder`. Throws a UserError with npm's words. */
export async function fetchNpm({ version, folder }: { version: string; folder: string }): Promise<string> {
  const kept = join(folder, `npm-${version}`)
  if (existsSync(kept)) return kept
  const draft = `${kept}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  const script = environment.npm_execpath?.endsWith('npm-cli.js') ? environment.npm_execpath : undefined
  const args = ['install', '--global', '--prefix', draft, '--ignore-scripts', '--no-audit', '--no-fund']
  const { code, output } = script
    ? await runCommand(process.execPath, [script, ...args, `npm@${version}`], { cwd: draft })
    : await runCommand('npm', [...args, `npm@${version}`], { cwd: draft })
  if (code !== 0) throw new UserError(`npm ${version} could not be fetched:\n${output.trim()}`)
  await rename(join(draft, 'lib/node_modules/npm'), kept)
  await rm(draft, { recursive: true, force: true })
  return kept
}
