/** Go: builds what distributions carry in older versions, or not at all, into the cache folder. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDir, findOnPath } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { duration, runCommand } from '@matrixos/host/run-command'
import { lastLines, type System } from './system.ts'

/** From 1.21 on, Go fetches by itself the newer Go that a module asks for. */
const OLDEST_GO_MINOR = 21
const BUILD_TIMEOUT_MS = 1_200_000

export const binDir = (): string => join(cacheDir(), 'bin')

/** Builds the program of a module (`PATH@VERSION`) into `binDir`; resolves with how long it took, for people. Throws a UserError. */
export async function goInstall(system: System, module: string): Promise<string> {
  const go = (await findGo()) ?? (await installGo(system, module))
  const startedMs = performance.now()
  mkdirSync(binDir(), { recursive: true })
  const env = { ...process.env, GOBIN: binDir(), CGO_ENABLED: '0' }
  const { code, output } = await runCommand(go, ['install', module], { env, timeoutMs: BUILD_TIMEOUT_MS })
  if (code !== 0) throw new UserError(`Building ${module} failed:\n${lastLines(output)}`)
  return duration(performance.now() - startedMs)
}

async function findGo(): Promise<string | null> {
  for (const path of [findOnPath('go'), '/usr/local/go/bin/go', '/usr/lib/go/bin/go']) {
    if (path && goMinor((await runCommand(path, ['version'])).output) >= OLDEST_GO_MINOR) return path
  }
  return null
}

const goMinor = (text: string) => Number(/\bgo1\.(\d+)/.exec(text)?.[1] ?? 0)

/** Debian's own Go where it is new enough. */
async function installGo(system: System, module: string): Promise<string> {
  if (system.canInstall) {
    const { output } = await runCommand('apt-cache', ['policy', 'golang-go'])
    const minor = Number(/Candidate: \S*?1\.(\d+)/.exec(output)?.[1] ?? 0)
    if (minor >= OLDEST_GO_MINOR) await system.aptInstall(['golang-go', 'ca-certificates'])
  }
  const go = await findGo()
  if (go) return go
  throw new UserError(
    `Go 1.${OLDEST_GO_MINOR} or newer is needed to build ${module}, and no package has it here`,
  )
}
