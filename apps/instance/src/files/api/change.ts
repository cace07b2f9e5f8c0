/** Moves and copies. Nothing that is there is replaced: 409. */
import type { BigIntStats } from 'node:fs'
import { readdir, rename } from 'node:fs/promises'
import { codeOf, exists, RequestProblem } from '../../http/problem.ts'
import { copyTree } from './copy.ts'
import { kindOf, locatedAt } from './entries.ts'
import type { Gate } from './gate.ts'
import { refuseReserved } from './make.ts'
import { nameOf } from './names.ts'
import { placeNew, syncFolder } from './place.ts'
import type { Located } from './protocol.ts'
import { removeTree } from './remove.ts'
import { ownFolder, stagedName, UPLOADS } from './staging.ts'
import type { Spot, Tree } from './tree.ts'

export interface Way {
  from: string
  to: string
}

export async function moveEntry(tree: Tree, { from, to }: Way, oneAtATime: Gate): Promise<Located> {
  await using source = await tree.spot(from)
  await using goal = await tree.spot(to)
  await checkWay(source, goal)
  if (source.path === goal.path) return await locatedAt(source)
  await oneAtATime(async () => {
    if (await isOnlyCase(source, goal)) return rename(source.self, goal.self)
    await placeNew(source.self, goal.self).catch(sayThere(to))
  })
  await syncFolder(goal.folder)
  return await locatedAt(goal)
}

/** The copy comes into being out of sight, and appears whole. */
export async function copyEntry(
  tree: Tree,
  { from, to }: Way,
  signal: AbortSignal,
  oneAtATime: Gate,
): Promise<Located> {
  await using source = await tree.spot(from)
  await using goal = await tree.spot(to)
  const stats = await checkWay(source, goal)
  const kind = kindOf(stats)
  if (kind === 'other') throw new RequestProblem(415, `${from}: that is neither a file nor a folder`)
  if (await goal.stats()) throw exists(to)
  await using staging = await ownFolder(tree, UPLOADS)
  const staged = stagedName('copy')
  try {
    await copyTree(tree, source, { area: staging, name: staged, signal })
    await oneAtATime(() => placeNew(staging.at(staged), goal.self).catch(sayThere(to)))
  } catch (error) {
    await removeTree(staging, staged)
    throw error
  }
  await syncFolder(goal.folder)
  return await locatedAt(goal)
}

async function checkWay(source: Spot, goal: Spot): Promise<BigIntStats> {
  refuseReserved(source.path)
  refuseReserved(goal.path)
  const stats = await source.stats()
  if (!stats) throw new RequestProblem(404, `${source.path}: no such file or folder`)
  if (stats.isDirectory() && goal.path.startsWith(`${source.path}/`)) {
    throw new RequestProblem(400, 'A folder cannot go into itself.')
  }
  return stats
}

/** Where `Plan` and `plan` are one name (not on Linux), what seems to be in the way is the thing itself. */
async function isOnlyCase(source: Spot, goal: Spot): Promise<boolean> {
  const [one, other] = [await source.stats(), await goal.stats()]
  if (!one || !other || one.ino !== other.ino || one.dev !== other.dev) return false
  if (source.path.toLowerCase() !== goal.path.toLowerCase()) return false
  const names = await readdir(goal.folder.self, { encoding: 'buffer' })
  return !names.some((name) => nameOf(name) === goal.name)
}

const sayThere =
  (path: string) =>
  (error: unknown): never => {
    throw ['EEXIST', 'ENOTEMPTY'].includes(codeOf(error)) ? exists(path) : error
  }
