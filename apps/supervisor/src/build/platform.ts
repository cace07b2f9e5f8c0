/** Builds what the platform runs and serves, once for each state of its sources: programs, pages, and what instances are. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ROOT, UserError } from '@matrixos/host/root'
import { duration, runCommand } from '@matrixos/host/run-command'
import type { Say } from '../part-life.ts'
import { BUNDLE_FOLDER, entriesByApp } from './programs.ts'
import { createStamp, hashInputs } from './stamp.ts'

const CACHE = join(ROOT, 'node_modules/.cache/matrixos')
const LOCK_MS = 120_000
const SHARED_INPUTS = ['packages/shared', 'packages/host', 'package-lock.json']

interface Build {
  name: string
  /** Folder of the app. */
  app: string
  /** What Node runs in that folder. */
  command: string[]
  /** Sources, besides what every build depends on. */
  inputs: string[]
  /** Folders of the result. */
  outputs: string[]
}

const PAGES: Build = {
  name: 'the web pages',
  app: 'apps/spa',
  command: [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
  inputs: ['apps/spa'],
  outputs: ['apps/spa/dist'],
}
const INSTANCES: Build = {
  name: "the instances' web shell",
  app: 'apps/instance',
  command: ['build.ts'],
  inputs: ['apps/instance'],
  outputs: ['apps/instance/dist'],
}
const APPS = [...entriesByApp().keys()]
const PROGRAMS: Build = {
  name: "the platform's programs",
  app: 'apps/supervisor',
  command: ['src/build/bundle.ts'],
  inputs: APPS,
  outputs: APPS.map((app) => join(app, BUNDLE_FOLDER)),
}

async function build({ name, app, command, inputs, outputs }: Build, say: Say): Promise<void> {
  const dir = join(ROOT, app)
  const stamp = createStamp(
    join(CACHE, app),
    outputs.map((output) => join(ROOT, output)),
  )
  const hash = hashInputs(ROOT, [...inputs, ...SHARED_INPUTS])
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

/** The programs and pages of the platform, and the pages of the instances; nothing when none changed. */
export const buildPlatform = (say: Say): Promise<void> => buildAll([PROGRAMS, PAGES, INSTANCES], say)

/** The programs alone: one of them builds the rest. */
export const buildPrograms = (say: Say): Promise<void> => buildAll([PROGRAMS], say)

/** What an instance is made of. Whoever runs from it meanwhile has it under them: nothing when it did not change. */
export const buildInstancePages = (say: Say): Promise<void> => buildAll([INSTANCES], say)
