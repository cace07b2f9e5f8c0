/**
 * `npm run single:image`: one person's own computer as an image, without a registry: the checkout with its dependencies
 * and pages, on an image that this machine has or makes. deploy/Dockerfile.single says what it is.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT, showError, UserError } from '@matrixos/host/root'
import { INSTANCE_IMAGES } from '@matrixos/shared'
import { buildPlatform } from '../apps/supervisor/src/build/platform.ts'
import { buildInstanceImage } from '../apps/supervisor/src/instance-image/build.ts'

const USAGE = `Usage: npm run single:image -- [--base IMAGE] [--tag TAG]

  --base IMAGE   Debian with the tools that the computer is to have
                 (default: matrixos-instance:full, made where it is missing, which needs root)
  --tag TAG      name of the image                                    (default: matrixos-single:latest)`

/** What runs, and what its operator calls. */
const CONTENT = ['package.json', 'package-lock.json', 'LICENSE', 'apps', 'packages', 'scripts', 'deploy']
const LEFT_OUT =
  /(^|\/)(node_modules|coverage|test-results|data)(\/|$)|\.test\.tsx?$|(^|\/)\.env[^/]*$|\.env$/

function run(command: string, args: string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (error || status !== 0)
    throw new UserError(`${command} ${args[0]} failed${error ? `: ${error.message}` : '.'}`)
}

function readArgs() {
  try {
    return parseArgs({
      options: {
        base: { type: 'string', default: INSTANCE_IMAGES.full },
        tag: { type: 'string', default: 'matrixos-single:latest' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
  }
}

async function requireBase(base: string): Promise<void> {
  if (spawnSync('docker', ['image', 'inspect', base], { stdio: 'ignore' }).status === 0) return
  if (base !== INSTANCE_IMAGES.full) throw new UserError(`There is no image ${base} here.`)
  await buildInstanceImage({ kind: 'full', isFresh: false, log: (line) => console.log(line) })
}

async function main(): Promise<void> {
  const { base, tag, help } = readArgs()
  if (help) return console.log(USAGE)
  await requireBase(base)
  await buildPlatform((_level, message) => console.log(message))
  const context = mkdtempSync(join(tmpdir(), 'mos-single-'))
  try {
    for (const path of CONTENT.filter((each) => existsSync(join(ROOT, each)))) {
      const filter = (source: string) => !LEFT_OUT.test(relative(ROOT, source))
      cpSync(join(ROOT, path), join(context, path), { recursive: true, filter })
    }
    run('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], context)
    const file = join(context, 'deploy/Dockerfile.single')
    const how = ['--target', 'prepared', '--build-arg', `BASE=${base}`]
    run('docker', ['build', ...how, '--tag', tag, '--file', file, context], context)
    console.log(`${tag} is built. Start it: docker compose -f deploy/compose.single.yaml up`)
  } finally {
    rmSync(context, { recursive: true, force: true })
  }
}

main().catch(showError)
