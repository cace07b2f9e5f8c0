/** Builds what the platform serves: the SPA, the instance's web shell and, for Docker, its image. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ROOT, UserError } from '@matrixos/host/root'
import { duration, runCommand } from '@matrixos/host/run-command'
import { type ImageKind, INSTANCE_IMAGES, imageKindOf } from '@matrixos/shared'
import type { Say } from '../part-life.ts'
import type { Settings } from '../settings.ts'
import { createStamp, hashInputs } from './stamp.ts'

const CACHE = join(ROOT, 'node_modules/.cache/matrixos')
const LOCK_MS = 120_000
const SHARED_INPUTS = ['packages/shared', 'package-lock.json']

interface Build {
  name: string
  /** Folder of the app; its result is in `dist` below it. */
  app: string
  /** What Node runs in that folder. */
  command: string[]
}

const BUILDS: Build[] = [
  {
    name: 'the web pages',
    app: 'apps/spa',
    command: [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
  },
  { name: "the instances' web shell", app: 'apps/instance', command: ['build.ts'] },
]

async function build({ name, app, command }: Build, say: Say): Promise<void> {
  const dir = join(ROOT, app)
  if (!existsSync(join(dir, 'vite.config.ts'))) return
  const stamp = createStamp(join(CACHE, app), join(dir, 'dist'))
  const hash = hashInputs(ROOT, [app, ...SHARED_INPUTS])
  if (stamp.matches(hash)) return
  say('info', `Building ${name} …`)
  const startedMs = performance.now()
  stamp.clear()
  const built = await runCommand(process.execPath, command, { cwd: dir })
  if (built.code !== 0) throw new UserError(`Building ${name} failed:\n${built.output}`)
  stamp.write(hash)
  say('info', `Built ${name} in ${duration(performance.now() - startedMs)}`)
}

/** The pages of the platform and of the instances; nothing when neither changed. */
export async function buildPages(say: Say): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  // Two starts at once in one checkout: the second waits, and then finds everything built.
  const lock = new DatabaseSync(join(CACHE, 'build.lock'), { timeout: LOCK_MS })
  try {
    lock.exec('begin exclusive')
    for (const each of BUILDS) await build(each, say)
  } finally {
    lock.close()
  }
}

/** An image of the reference instance, on the engine in use; nothing when it is there with this content. */
export async function buildImage(say: Say, kind: ImageKind = 'slim'): Promise<void> {
  const { buildInstanceImage } = await import('../instance-image/build.ts')
  try {
    await buildInstanceImage({ kind, log: (line) => say('info', line) })
  } catch (error) {
    throw new UserError(
      `The instance image could not be built: ${error instanceof Error ? error.message : error}`,
    )
  }
}

export async function buildForStart(options: {
  settings: Settings
  env: NodeJS.ProcessEnv
  say: Say
}): Promise<void> {
  const { settings, env, say } = options
  // An image has its pages, and its folders are not for writing.
  if (env.MATRIXOS_PREBUILT === '1') return
  await buildPages(say)
  if (settings.runtime !== 'docker') return
  // Any other image is the operator's own affair.
  const kind = imageKindOf(env.INSTANCE_IMAGE || INSTANCE_IMAGES.slim)
  if (kind) await buildImage(say, kind)
}
