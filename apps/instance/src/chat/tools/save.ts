/**
 * Writes a file whole or not at all, and keeps the one before. What it takes to go back is written down first, so that a
 * kill at any moment leaves either file, and the way back.
 */
import { randomUUID } from 'node:crypto'
import { access, chmod, constants, lstat, open, readdir, readFile, unlink } from 'node:fs/promises'
import * as z from 'zod/mini'
import { kindOf, versionOf } from '../../files/api/entries.ts'
import { makeFolders, refuseReserved } from '../../files/api/make.ts'
import { nameOf } from '../../files/api/names.ts'
import { placeNew, placeOver, syncFolder } from '../../files/api/place.ts'
import { ownFolder, UPLOADS } from '../../files/api/staging.ts'
import { openToRead, type Pin, type Spot, type Tree } from '../../files/api/tree.ts'
import { isMissing, RequestProblem } from '../../http/problem.ts'
import { type Change, change } from '../log/entry.ts'

/** Of a file that is replaced: its copy has to fit beside it. */
const LARGEST_KEPT = 16 * 1024 * 1024
/** Not among those that the files' own room takes for leftovers, while this process writes. */
const STAGED = 'chat-'

export interface SaveOptions {
  tree: Tree
  path: string
  bytes: Uint8Array
  /** Folder of the conversation, see `keepFolder`. */
  keep: Pin
  /** Names the copy and the record there. */
  tool: string
  /** What it changed already. */
  earlier: readonly Change[]
}

/** Resolves once it is on the disk. `null`: it was like that already. */
export async function saveFile(options: SaveOptions): Promise<Change | null> {
  const { tree, path, bytes, keep, tool, earlier } = options
  await makeFolders(tree, parentOf(path))
  await using spot = await spotToWrite(tree, path)
  refuseReserved(spot.path)
  const stats = await spot.stats()
  if (stats && kindOf(stats) !== 'file') throw new RequestProblem(415, `${path}: that is not a file`)
  if (stats && stats.size > LARGEST_KEPT) {
    throw new RequestProblem(413, `${path}: it is too large for me to replace (16 MB at most)`)
  }
  if (stats) await access(spot.self, constants.W_OK)
  const before = stats ? await readFile(spot.self) : null
  if (before?.equals(bytes)) return null
  await using staging = await ownFolder(tree, UPLOADS)
  const staged = staging.at(`${STAGED}${randomUUID()}`)
  try {
    const after = await stage(staged, bytes, stats ? Number(stats.mode) & 0o7777 : 0o644)
    const kept = before && `before-${fileName(tool)}-${earlier.length}`
    if (before && kept) await writeNew(keep, kept, before)
    const made: Change = { path: spot.path, before: kept, after }
    await writeNew(keep, recordOf(tool), Buffer.from(JSON.stringify([...earlier, made])))
    const now = await spot.stats()
    if ((now && versionOf(now)) !== (stats && versionOf(stats))) {
      throw new RequestProblem(412, `${path}: it was changed meanwhile`)
    }
    if (now) await placeOver(staged, spot.self)
    else await placeNew(staged, spot.self)
    await syncFolder(spot.folder)
    return made
  } catch (error) {
    await unlink(staged).catch(() => undefined)
    throw error
  }
}

async function stage(path: string | Buffer, bytes: Uint8Array, mode: number): Promise<string> {
  await using file = await open(path, 'wx', 0o600)
  await file.writeFile(bytes)
  await chmod(path, mode)
  await file.sync()
  return versionOf(await file.stat({ bigint: true }))
}

/** Of what is there, or would be: links followed. Whatever is refused at it is refused when it is used. */
export async function realPath(tree: Tree, path: string): Promise<string> {
  try {
    await using found = await tree.pin(path)
    return found.path
  } catch {
    const cut = path.lastIndexOf('/')
    if (cut < 0) return path
    const folder = await realPath(tree, path.slice(0, cut))
    return `${folder}${folder === '' ? '' : '/'}${path.slice(cut + 1)}`
  }
}

/** Where to write: through a link to where it leads, as an editor would. */
async function spotToWrite(tree: Tree, path: string): Promise<Spot> {
  const found = await tree.pin(path).catch((error) => {
    if (isMissing(error)) return null
    throw error
  })
  const real = found?.path ?? path
  await found?.[Symbol.asyncDispose]()
  const spot = await tree.spot(real)
  const stats = await spot.stats()
  if (!stats?.isSymbolicLink()) return spot
  await spot[Symbol.asyncDispose]()
  throw new RequestProblem(409, `${path} is a link that leads nowhere.`)
}

/** Replaces what a kill left of that name: the record is written anew with each file. */
async function writeNew(folder: Pin, name: string, bytes: Uint8Array): Promise<void> {
  const staged = folder.at(`.${name}.saving`)
  await unlink(staged).catch(() => undefined)
  try {
    await using file = await open(staged, 'wx', 0o600)
    await file.writeFile(bytes)
    await file.sync()
    await placeOver(staged, folder.at(name))
  } catch (error) {
    await unlink(staged).catch(() => undefined)
    throw error
  }
  await syncFolder(folder)
}

/** In the conversation's folder. */
export const recordOf = (tool: string) => `changes-${fileName(tool)}.json`
/** Ids of calls come from a model's provider. */
const fileName = (id: string) => id.replaceAll(/[^\w-]/g, '_').slice(0, 80)
const parentOf = (path: string) => path.slice(0, Math.max(path.lastIndexOf('/'), 0))

/** What a call really changed, also when it was killed before it could say so. */
export async function changesOf(tree: Tree, keep: Pin, tool: string): Promise<Change[]> {
  const path = keep.at(recordOf(tool))
  const text = await lstat(path).then(
    (found) => (found.isFile() ? readFile(path, 'utf8') : '[]'),
    () => '[]',
  )
  const changes = z.array(change).safeParse(parsed(text)).data ?? []
  const done = await Promise.all(changes.map(async (one) => (await versionAt(tree, one.path)) === one.after))
  // All before the last were written before its record was.
  return changes.filter((_, index) => index < changes.length - 1 || done[index])
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return []
  }
}

/** `null`: nothing is there. */
export async function versionAt(tree: Tree, path: string): Promise<string | null> {
  try {
    await using spot = await tree.spot(path)
    const stats = await spot.stats()
    return stats && versionOf(stats)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Reads a file within the home, and no more of it than that. */
export async function readBytes(tree: Tree, path: string, atMost: number): Promise<Buffer> {
  await using pin = await tree.pin(path)
  await using file = await openToRead(pin)
  const stats = await file.stat()
  if (stats.isDirectory()) throw new RequestProblem(415, `${path}: that is a folder`)
  if (!stats.isFile()) throw new RequestProblem(415, `${path}: that is not a file`)
  if (stats.size > atMost) {
    throw new RequestProblem(413, `${path}: it is larger than ${Math.round(atMost / 1024)} kB`)
  }
  return await file.readFile()
}

/** What a kill left in the staging area. Nothing of this process can be in use there at its start. */
export async function removeStaged(tree: Tree): Promise<void> {
  const staging = await tree.pinExactly(UPLOADS).catch(() => null)
  if (!staging) return
  try {
    const names = (await readdir(staging.self, { encoding: 'buffer' })).map(nameOf)
    for (const name of names.filter((one) => one.startsWith(STAGED))) await unlink(staging.at(name))
  } finally {
    await staging[Symbol.asyncDispose]()
  }
}
