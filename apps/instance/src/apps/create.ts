/** Makes an app: a folder in `~/apps` that is there as a whole, or not at all. */
import { mkdir, open } from 'node:fs/promises'
import { APP_MANIFEST, APP_NAME_RULE, APPS_FOLDER, isAppName } from '@matrixos/shared'
import type { Gate } from '../files/api/gate.ts'
import { makeFolders } from '../files/api/make.ts'
import { placeNew, syncFolder } from '../files/api/place.ts'
import { removeTree } from '../files/api/remove.ts'
import { ownFolder, stagedName, UPLOADS } from '../files/api/staging.ts'
import type { Pin, Tree } from '../files/api/tree.ts'
import { codeOf, exists, RequestProblem } from '../http/problem.ts'
import { type AppManifestInput, isAppPath, parseManifest } from './manifest.ts'

export interface NewApp {
  /** Its folder, and half of its address. */
  name: string
  manifest: AppManifestInput
  /** Texts by their paths below the folder. */
  files: Readonly<Record<string, string | Uint8Array>>
}

const MOST_FILES = 500

/** Resolves once it is on the disk. Throws a RequestProblem: 400 what it should not be, 409 there is one of that name. */
export async function createApp(tree: Tree, app: NewApp, oneAtATime: Gate): Promise<void> {
  const written = `${JSON.stringify(app.manifest, null, 2)}\n`
  check(app, written)
  await makeFolders(tree, APPS_FOLDER)
  await using apps = await tree.pin(APPS_FOLDER)
  await using staging = await ownFolder(tree, UPLOADS)
  const staged = stagedName('app')
  try {
    await mkdir(staging.at(staged))
    for (const [path, content] of [[APP_MANIFEST, written] as const, ...Object.entries(app.files)]) {
      await writeBelow(tree, staging, `${staged}/${path}`, content)
    }
    await oneAtATime(() => placeNew(staging.at(staged), apps.at(app.name)))
  } catch (error) {
    await removeTree(staging, staged).catch(() => undefined)
    throw codeOf(error) === 'EEXIST' ? exists(app.name) : error
  }
  await syncFolder(apps)
}

function check({ name, files }: NewApp, written: string): void {
  if (!isAppName(name)) throw new RequestProblem(400, `An app’s name has ${APP_NAME_RULE}.`)
  const { problem } = parseManifest(written)
  if (problem) throw new RequestProblem(400, problem)
  const paths = Object.keys(files)
  if (paths.length > MOST_FILES)
    throw new RequestProblem(400, `An app begins with ${MOST_FILES} files at most.`)
  const wrong = paths.find((path) => !isAppPath(path) || path === APP_MANIFEST)
  if (wrong !== undefined) throw new RequestProblem(400, `${wrong}: an app has no file of that name.`)
}

async function writeBelow(
  tree: Tree,
  staging: Pin,
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  const folders = path.split('/').slice(0, -1)
  for (let depth = 2; depth <= folders.length; depth++) {
    await mkdir(staging.at(folders.slice(0, depth).join('/'))).catch((error) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
  }
  await using folder = await tree.pinExactly(`${UPLOADS}/${folders.join('/')}`)
  await using file = await open(folder.at(path.slice(path.lastIndexOf('/') + 1)), 'wx', 0o644)
  await file.writeFile(content)
  await file.sync()
}

/** A name that is free, made of a title: `My first game!` becomes `my-first-game`. `isTaken` is asked until it says no. */
export function nameFor(title: string, isTaken: (name: string) => boolean): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 24)
    .replace(/-+$/, '')
  const stem = isAppName(plain) ? plain : isAppName(`app-${plain}`) ? `app-${plain}` : 'app'
  for (let number = 1; ; number++) {
    const name = number === 1 ? stem : `${stem}-${number}`
    if (isAppName(name) && !isTaken(name)) return name
  }
}
