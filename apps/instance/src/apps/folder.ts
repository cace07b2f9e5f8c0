/** The apps of a home, as they lie there now: each a folder with its manifest, and nothing that a link leads out of. */
import { readdir } from 'node:fs/promises'
import { APP_MANIFEST, APP_NAME_RULE, APPS_FOLDER, isAppName } from '@matrixos/shared'
import { versionOf } from '../files/api/entries.ts'
import { nameOf } from '../files/api/names.ts'
import { openToRead, openTree, type Tree } from '../files/api/tree.ts'
import { isMissing, RequestProblem } from '../http/problem.ts'
import { type AppManifest, LONGEST_MANIFEST_BYTES, parseManifest } from './manifest.ts'

export interface App {
  name: string
  /** `null`: it is broken. */
  manifest: AppManifest | null
  /** What is wrong with it, for its owner; `null`: nothing. */
  problem: string | null
  /** Of the manifest's file; `''` where there is none. */
  version: string
}

/** Of all that a folder holds. */
const LISTED_AT_MOST = 200

/** What an app keeps: reached by its own pages alone, and not as its files. */
export const DATA_FOLDER = 'data'

export const folderOf = (name: string): string => `${APPS_FOLDER}/${name}`

/** Its files. Paths are relative to its folder, and no link leads out of that. */
const appTree = (home: string, name: string): Tree => openTree({ root: `${home}/${folderOf(name)}` })

/** The files that anybody who may open it can have. */
export function servedTree(home: string, name: string): Tree {
  const root = `${home}/${folderOf(name)}`
  const hides = (real: string) => {
    const path = real.slice(root.length + 1)
    const parts = path.split('/')
    return path === APP_MANIFEST || parts[0] === DATA_FOLDER || parts.some((part) => part.startsWith('.'))
  }
  return openTree({ root, hides })
}

/** `null`: there is none of that name. */
export async function readApp(home: Tree, root: string, name: string): Promise<App | null> {
  if (!isAppName(name)) return null
  try {
    await using folder = await home.pinExactly(folderOf(name))
    if (!(await folder.stats()).isDirectory()) return null
  } catch (error) {
    // Missing, or a link that leads out of the home.
    if (isMissing(error) || (error instanceof RequestProblem && error.status === 403)) return null
    throw error
  }
  return { name, ...(await readManifest(appTree(root, name))) }
}

async function readManifest(tree: Tree): Promise<Omit<App, 'name'>> {
  const broken = (problem: string, version = '') => ({ manifest: null, problem, version })
  try {
    await using pin = await tree.pin(APP_MANIFEST)
    const found = await pin.stats()
    if (!found.isFile()) return broken('app.json has to be a file.')
    if (found.size > LONGEST_MANIFEST_BYTES) return broken('app.json is too long.')
    await using file = await openToRead(pin)
    return { ...parseManifest(await file.readFile('utf8')), version: versionOf(found) }
  } catch (error) {
    return broken(isMissing(error) ? NO_MANIFEST : 'app.json cannot be read.')
  }
}

const NO_MANIFEST = 'There is no app.json in its folder. It needs one, such as {"name": "Hello"}.'

/** In order of their names. A folder that cannot have an address is among them, and says so. */
export async function listApps(home: Tree, root: string): Promise<App[]> {
  const names = await foldersIn(home)
  return Promise.all(
    names.map(async (name) => {
      const app = await readApp(home, root, name)
      return (
        app ?? {
          name,
          manifest: null,
          version: '',
          problem: `${name}: an app’s folder has ${APP_NAME_RULE}.`,
        }
      )
    }),
  )
}

async function foldersIn(home: Tree): Promise<string[]> {
  try {
    await using apps = await home.pinExactly(APPS_FOLDER)
    const entries = await readdir(apps.self, { encoding: 'buffer', withFileTypes: true })
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => nameOf(entry.name))
    return names
      .filter((name) => !name.startsWith('.'))
      .sort()
      .slice(0, LISTED_AT_MOST)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
