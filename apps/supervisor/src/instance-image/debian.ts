/** The system below the full image: Debian by debootstrap, Node and npm. Kept at the engine as an image of its own. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Environment, environment } from '@matrixos/host/env'
import { cacheDir, findOnPath } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { duration, runCommand } from '@matrixos/host/run-command'
import { FULL_IMAGE_BASE } from '@matrixos/shared'
import { CONTENT_LABEL, NPM_VERSION, PACKAGES, SUITE } from './config.ts'
import type { Engine } from './engine.ts'
import { fetchNpm } from './npm.ts'
import { openTree, runSteps } from './steps.ts'

const SCRIPT = join(import.meta.dirname, 'debian.sh')
const LOCK_MS = 900_000
const OLD_MS = 45 * 24 * 3_600_000
const OPENSSL_ARCH: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'linux-x86_64',
  arm64: 'linux-aarch64',
}

export interface DebianOptions {
  engine: Engine
  /** Path of the Node that goes into it. */
  node: string
  now: Date
  log: (line: string) => void
  /** Also when there is one: for the fixes that Debian published since. */
  isFresh: boolean
  env?: Environment
}

/**
 * Resolves to what is in it, as a hash. Where it cannot be made here, one that was made in another way before will do;
 * without one, throws a UserError.
 */
export async function ensureDebian(options: DebianOptions): Promise<string> {
  const { engine, log, isFresh } = options
  const recipe = await recipeOf(options)
  if (!isFresh && (await isCurrent(options, recipe))) return recipe
  try {
    await makeDebian(options, recipe)
    return recipe
  } catch (error) {
    const earlier = (await engine.find(FULL_IMAGE_BASE))?.content
    if (isFresh || !earlier || !(error instanceof UserError)) throw error
    log(`The Debian of an earlier version is used: ${error.message}`)
    return earlier
  }
}

/** Does nothing where another build has made it meanwhile. */
async function makeDebian(options: DebianOptions, recipe: string): Promise<void> {
  mayBuild(options.env)
  const folder = join(cacheDir(options.env), 'debian')
  await mkdir(folder, { recursive: true })
  // Two builds at once on one machine: the second waits, and then finds it there.
  const lock = new DatabaseSync(join(folder, 'build.lock'), { timeout: LOCK_MS })
  try {
    lock.exec('begin exclusive')
    if (options.isFresh || !(await isCurrent(options, recipe))) await build(options, folder, recipe)
  } finally {
    lock.close()
  }
}

async function isCurrent({ engine, now, log }: DebianOptions, recipe: string): Promise<boolean> {
  const found = await engine.find(FULL_IMAGE_BASE)
  if (found?.content !== recipe) return false
  const ageMs = now.getTime() - found.createdAt.getTime()
  if (ageMs > OLD_MS) {
    const days = Math.floor(ageMs / 86_400_000)
    log(`Debian’s packages in it are ${days} days old. Renew them: npm run instance:image -- full --fresh`)
  }
  return true
}

/** What it would be made of here, as a hash. */
export async function recipeOf({ node }: Pick<DebianOptions, 'node'>): Promise<string> {
  const parts = [
    await readFile(SCRIPT, 'utf8'),
    SUITE,
    NPM_VERSION,
    process.version,
    process.arch,
    ...PACKAGES,
  ]
  return createHash('sha256')
    .update([...parts, existsSync(headersOf(node))].join('\n'))
    .digest('hex')
    .slice(0, 32)
}

const headersOf = (node: string) => join(node, '../../include/node')

const ELSEWHERE =
  'Or build it from an image registry: npm run build -w @matrixos/instance, then docker build --target full -t matrixos-instance:full apps/instance'

function mayBuild(env: Environment = environment): void {
  if (process.getuid?.() !== 0) {
    throw new UserError(
      `The full image is made of Debian’s packages with debootstrap, and that takes root: sudo npm run instance:image -- full. ${ELSEWHERE}`,
    )
  }
  if (!findOnPath('unshare', env) || !findOnPath('chroot', env)) {
    throw new UserError(`The full image is made with unshare and chroot, which are not here. ${ELSEWHERE}`)
  }
}

async function build(
  { engine, node, log, env = environment }: DebianOptions,
  folder: string,
  recipe: string,
) {
  const startedMs = performance.now()
  await ensureDebootstrap(log)
  const npm = await fetchNpm({ version: NPM_VERSION, folder })
  const debs = join(folder, `packages-${SUITE}-${process.arch}`)
  await mkdir(debs, { recursive: true })
  await removeTrees(folder)
  const root = await mkdtemp(join(folder, 'root-'))
  try {
    const script = {
      SUITE,
      MIRROR: (env.DEBIAN_MIRROR || 'http://deb.debian.org/debian').replace(/\/+$/, ''),
      ROOT: root,
      DEBS: debs,
      PACKAGES: PACKAGES.join(' '),
      NODE: node,
      HEADERS: headersOf(node),
      OPENSSL_ARCH: OPENSSL_ARCH[process.arch] ?? '',
      NPM: npm,
    }
    const problem = await runSteps({
      script: SCRIPT,
      env: { ...env, ...script },
      logFile: join(folder, 'build.log'),
      onStep: (step) => log(`  ${step} …`),
    })
    if (problem !== null) throw new UserError(`Debian could not be installed for the full image:\n${problem}`)
    log('  Handing it to the Docker Engine …')
    const changes = [`LABEL ${CONTENT_LABEL}=${recipe}`]
    await engine.importImage({ tag: FULL_IMAGE_BASE, archive: openTree(root), changes })
  } finally {
    await removeTrees(folder)
  }
  log(`  Debian is ready, in ${duration(performance.now() - startedMs)}`)
}

/** Also those of builds that were killed: nothing is mounted in them any more, and who comes here holds the lock. */
async function removeTrees(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => each.startsWith('root-')))
    await rm(join(folder, name), { recursive: true, force: true })
}

async function ensureDebootstrap(log: (line: string) => void): Promise<void> {
  if (findOnPath('debootstrap')) return
  log('  Installing debootstrap …')
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive' }
  const install = () =>
    runCommand('apt-get', ['-qq', 'install', '--yes', '--no-install-recommends', 'debootstrap'], { env })
  const first = await install()
  if (first.code === 0) return
  if (first.code !== 127) await runCommand('apt-get', ['-qq', 'update'], { env })
  if (first.code === 127 || (await install()).code !== 0) {
    throw new UserError(`Install the program debootstrap, which makes the full image. ${ELSEWHERE}`)
  }
}
