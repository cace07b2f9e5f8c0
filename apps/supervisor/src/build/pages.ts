/** Builds the pages that the platform and its instances serve, once for each state of their sources. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ROOT, UserError } from '@matrixos/host/root'
import { duration, runCommand } from '@matrixos/host/run-command'
import type { Say } from '../part-life.ts'
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

const PLATFORM: Build = {
  name: 'the web pages',
  app: 'apps/spa',
  command: [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
}
const INSTANCES: Build = { name: "the instances' web shell", app: 'apps/instance', command: ['build.ts'] }

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

/** Two starts at once in one checkout: the second waits, and then finds everything built. */
async function buildAll(builds: Build[], say: Say): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  const lock = new DatabaseSync(join(CACHE, 'build.lock'), { timeout: LOCK_MS })
  try {
    lock.exec('begin exclusive')
    for (const each of builds) await build(each, say)
  } finally {
    lock.close()
  }
}

/** The pages of the platform and of the instances; nothing when neither changed. */
export const buildPages = (say: Say): Promise<void> => buildAll([PLATFORM, INSTANCES], say)

/** What an instance is made of. Whoever runs from it meanwhile has it under them: nothing when it did not change. */
export const buildInstancePages = (say: Say): Promise<void> => buildAll([INSTANCES], say)
