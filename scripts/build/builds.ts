/** Builds what the platform serves: the SPA, the instance's web shell and, for Docker, its image. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, UserError } from '../lib/root.ts'
import { duration, runCommand } from '../lib/run-command.ts'
import type { Say } from '../start/part-life.ts'
import type { Settings } from '../start/settings.ts'
import { hashInputs, isBuiltFrom, markBuiltFrom, unmark } from './stamp.ts'

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
  const output = join(dir, 'dist')
  const hash = hashInputs([app, ...SHARED_INPUTS].map((path) => join(ROOT, path)))
  if (isBuiltFrom(output, hash)) return
  say('info', `Building ${name} …`)
  const startedMs = performance.now()
  unmark(output)
  const built = await runCommand(process.execPath, command, { cwd: dir })
  if (built.code !== 0) throw new UserError(`Building ${name} failed:\n${built.output}`)
  markBuiltFrom(output, hash)
  say('info', `Built ${name} in ${duration(performance.now() - startedMs)}`)
}

/** The pages of the platform and of the instances; nothing when neither changed. */
export async function buildPages(say: Say): Promise<void> {
  for (const each of BUILDS) await build(each, say)
}

/** The image of the reference instance. An image of somebody else is not ours to build. */
export async function buildImage(say: Say): Promise<void> {
  throw new UserError(`not yet ${say}`)
}

export async function buildForStart(options: {
  settings: Settings
  env: NodeJS.ProcessEnv
  say: Say
}): Promise<void> {
  const { settings, env, say } = options
  await buildPages(say)
  if (settings.runtime === 'docker' && !env.INSTANCE_IMAGE) await buildImage(say)
}
