/** Makes folders and empty files. */
import { mkdir, open } from 'node:fs/promises'
import { codeOf, exists, RequestProblem } from '../../http/problem.ts'
import { locatedAt } from './entries.ts'
import type { Located } from './protocol.ts'
import { isReserved } from './staging.ts'
import type { Tree } from './tree.ts'

/** With the folders above it. Rejects with 409 when something is there. */
export async function makeFolder(tree: Tree, path: string): Promise<Located> {
  await makeFolders(tree, path.slice(0, Math.max(path.lastIndexOf('/'), 0)))
  await using spot = await tree.spot(path)
  refuseReserved(spot.path)
  await mkdir(spot.self).catch(sayThere(path))
  return await locatedAt(spot)
}

export async function makeFile(tree: Tree, path: string): Promise<Located> {
  await using spot = await tree.spot(path)
  refuseReserved(spot.path)
  // `wx` follows no link in the last place, dangling or not.
  await (await open(spot.self, 'wx', 0o644).catch(sayThere(path))).close()
  return await locatedAt(spot)
}

/** What is there already is left as it is; links within the home count as the folders that they lead to. */
export async function makeFolders(tree: Tree, path: string): Promise<void> {
  if (path === '' || (await isFolder(tree, path))) return
  await makeFolders(tree, path.slice(0, Math.max(path.lastIndexOf('/'), 0)))
  await using spot = await tree.spot(path)
  refuseReserved(spot.path)
  await mkdir(spot.self).catch(async (error) => {
    if (codeOf(error) !== 'EEXIST') throw error
    if (!(await isFolder(tree, path))) throw new RequestProblem(409, `${path}: a file is in the way`)
  })
}

async function isFolder(tree: Tree, path: string): Promise<boolean> {
  try {
    await using found = await tree.pin(path)
    return (await found.stats()).isDirectory()
  } catch (error) {
    if (error instanceof RequestProblem) throw error
    return false
  }
}

export function refuseReserved(path: string): void {
  if (isReserved(path)) throw new RequestProblem(403, 'I keep that folder myself.')
}

const sayThere =
  (path: string) =>
  (error: unknown): never => {
    throw codeOf(error) === 'EEXIST' ? exists(path) : error
  }
