/** Go: builds what distributions carry only in older versions, or not at all. */
import { findOnPath } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'
import type { System } from './system.ts'

/** From 1.21 on, Go fetches by itself the newer Go that a module asks for. */
const OLDEST_GO_MINOR = 21

/** Path of its program. Throws a UserError where there is none, and no package of one that is new enough. */
export const requireGo = async (system: System): Promise<string> =>
  (await findGo()) ?? (await installGo(system))

async function findGo(): Promise<string | null> {
  for (const path of [findOnPath('go'), '/usr/local/go/bin/go', '/usr/lib/go/bin/go']) {
    if (path && goMinor((await runCommand(path, ['version'])).output) >= OLDEST_GO_MINOR) return path
  }
  return null
}

const goMinor = (text: string) => Number(/\bgo1\.(\d+)/.exec(text)?.[1] ?? 0)

/** Debian's own Go where it is new enough. */
async function installGo(system: System): Promise<string> {
  if (system.canInstall) {
    const { output } = await runCommand('apt-cache', ['policy', 'golang-go'])
    const minor = Number(/Candidate: \S*?1\.(\d+)/.exec(output)?.[1] ?? 0)
    if (minor >= OLDEST_GO_MINOR) await system.aptInstall(['golang-go', 'ca-certificates'])
  }
  const go = await findGo()
  if (go) return go
  throw new UserError(`Go 1.${OLDEST_GO_MINOR} or newer is needed to build this, and no package has it here`)
}
