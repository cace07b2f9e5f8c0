/**
 * `.trash` at the top of the home. What goes there together is one folder with what it was called written down beside
 * it, before anything moves: undo works after a restart, and a kill in between loses nothing.
 */
import { randomBytes } from 'node:crypto'
import { lstat, mkdir, open, readdir, readFile, rmdir, unlink } from 'node:fs/promises'
import * as z from 'zod/mini'
import { isMissing, RequestProblem } from '../../http/problem.ts'
import { kindOf } from './entries.ts'
import type { Gate } from './gate.ts'
import { makeFolders, refuseReserved } from './make.ts'
import { nameOf } from './names.ts'
import { placeBeside, syncFolder } from './place.ts'
import { type Restored, type TrashContents, trashedEntry } from './protocol.ts'
import { removeTree, renameAnyway } from './remove.ts'
import { ownFolder, ownFolderIfRoom, stagedName, TRASH, UPLOADS } from './staging.ts'
import type { Pin, Tree } from './tree.ts'

export interface Trash {
  put(paths: readonly string[]): Promise<string>
  restore(id: string): Promise<Restored>
  list(): Promise<TrashContents>
  /** For good; without an id, all of it. */
  remove(id?: string): Promise<void>
}

export interface TrashOptions {
  tree: Tree
  now: () => Date
  oneAtATime: Gate
}

const RECORD = 'record.json'
const ID = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/
/** Of one record: its paths may be long. */
const LARGEST_RECORD = 8 * 1024 * 1024
const LISTED_AT_MOST = 500

const record = z.object({
  trashedAt: z.string(),
  entries: z.array(trashedEntry),
})
type Record_ = z.infer<typeof record>

export function createTrash({ tree, now, oneAtATime }: TrashOptions): Trash {
  const batchOf = async (id: string): Promise<Pin> => {
    if (!ID.test(id)) throw notThere()
    return tree.pinExactly(`${TRASH}/${id}`).catch((error) => {
      throw isMissing(error) ? notThere() : error
    })
  }
  return {
    put: (paths) => oneAtATime(() => putInto(tree, paths, now())),
    restore: (id) =>
      oneAtATime(async () => {
        await using batch = await batchOf(id)
        return await restoreFrom(tree, batch)
      }),
    async list() {
      await using folder = await ownFolderIfRoom(tree, TRASH)
      if (!folder) return { items: [] }
      const ids = (await readdir(folder.self)).filter((name) => ID.test(name)).sort()
      const items: TrashContents['items'] = []
      for (const id of ids.reverse().slice(0, LISTED_AT_MOST)) {
        await using batch = await batchOf(id).catch(ifGone)
        if (!batch) continue
        const { trashedAt, entries } = (await readRecord(batch)) ?? { trashedAt: '', entries: [] }
        const left = []
        for (const [place, entry] of entries.entries()) if (await isThere(batch, place)) left.push(entry)
        if (left.length > 0) items.push({ id, trashedAt, entries: left })
      }
      return { items }
    },
    async remove(id) {
      await using folder = await ownFolderIfRoom(tree, TRASH)
      if (!folder) return
      // What is just going in, or coming back, does that first; and then is not there any more, or is again.
      await removeForGood(tree, folder, (takeAway) =>
        oneAtATime(async () => {
          if (id !== undefined) await (await batchOf(id))[Symbol.asyncDispose]()
          const all = id === undefined ? await readdir(folder.self, { encoding: 'buffer' }) : []
          for (const name of id === undefined ? all.map(nameOf) : [id]) await takeAway(name).catch(ifMissing)
        }),
      )
    },
  }
}

/**
 * Deletes the entries of `folder` that `choose` takes away: out of sight at once, then to pieces. Where there is no room
 * for that, to pieces where they lie.
 */
async function removeForGood(
  tree: Tree,
  folder: Pin,
  choose: (takeAway: (name: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  await using staging = await ownFolderIfRoom(tree, UPLOADS)
  if (!staging) return choose((name) => removeTree(folder, name))
  const taken: string[] = []
  try {
    await choose(async (name) => {
      const gone = stagedName('gone')
      await renameAnyway(folder.at(name), staging.at(gone))
      taken.push(gone)
    })
  } finally {
    for (const gone of taken) await removeTree(staging, gone)
  }
}

/** For good, at once: for a disk so full that nothing can be kept. */
export async function deletePaths(tree: Tree, paths: readonly string[]): Promise<void> {
  for (const path of withoutNested(paths)) {
    await using spot = await tree.spot(path)
    refuseReserved(spot.path)
    const stats = await spot.stats()
    if (!stats) throw new RequestProblem(404, `${path}: no such file or folder`)
    if (stats.isDirectory()) await removeForGood(tree, spot.folder, (takeAway) => takeAway(spot.name))
    else await unlink(spot.self)
  }
}

/** All or nothing. */
async function putInto(tree: Tree, paths: readonly string[], at: Date): Promise<string> {
  const entries: Record_['entries'] = []
  for (const path of withoutNested(paths)) {
    await using spot = await tree.spot(path)
    refuseReserved(spot.path)
    const stats = await spot.stats()
    if (!stats) throw new RequestProblem(404, `${path}: no such file or folder`)
    entries.push({ wasAt: spot.path, kind: kindOf(stats), size: stats.isFile() ? Number(stats.size) : 0 })
  }
  const id = `${at.toISOString().replaceAll(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`
  await using trash = await ownFolder(tree, TRASH)
  await mkdir(trash.at(id), 0o700)
  await using batch = await tree.pinExactly(`${TRASH}/${id}`)
  try {
    await writeRecord(batch, { trashedAt: at.toISOString(), entries })
    for (const [place, { wasAt }] of entries.entries()) {
      await using spot = await tree.spot(wasAt)
      await renameAnyway(spot.self, batch.at(String(place)))
    }
  } catch (error) {
    // Those that went already go back to where they were.
    await restoreFrom(tree, batch).catch(() => undefined)
    throw error
  }
  await syncFolder(batch)
  return id
}

/** What lies in another of them goes with it. */
const withoutNested = (paths: readonly string[]): string[] => {
  const all = new Set(paths)
  const isBelowAnother = (path: string) => {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      if (all.has(path.slice(0, cut))) return true
    }
    return false
  }
  return [...all].filter((path) => !isBelowAnother(path))
}

async function restoreFrom(tree: Tree, batch: Pin): Promise<Restored> {
  const { entries } = (await readRecord(batch)) ?? { entries: [] }
  const restored: Restored['entries'] = []
  for (const [place, { wasAt }] of entries.entries()) {
    if (!(await isThere(batch, place))) continue
    await using folder = await folderFor(tree, wasAt)
    const name = await placeBeside(
      batch.at(String(place)),
      folder,
      wasAt.slice(wasAt.lastIndexOf('/') + 1),
      'restored',
    )
    restored.push({ wasAt, path: folder.path === '' ? name : `${folder.path}/${name}` })
  }
  await unlink(batch.at(RECORD)).catch(() => undefined)
  await using trash = await tree.pinExactly(TRASH)
  await rmdir(trash.at(batch.path.slice(TRASH.length + 1)))
  return { entries: restored }
}

/** Where it was, or the home where that cannot be made again. */
async function folderFor(tree: Tree, wasAt: string): Promise<Pin> {
  const path = wasAt.slice(0, Math.max(wasAt.lastIndexOf('/'), 0))
  try {
    await makeFolders(tree, path)
    return await tree.pin(path)
  } catch (error) {
    if (error instanceof RequestProblem) return tree.pin('')
    throw error
  }
}

const isThere = (batch: Pin, place: number): Promise<boolean> =>
  lstat(batch.at(String(place))).then(
    () => true,
    () => false,
  )

async function writeRecord(batch: Pin, content: Record_): Promise<void> {
  await using file = await open(batch.at(RECORD), 'wx', 0o600)
  await file.writeFile(JSON.stringify(content))
  await file.sync()
}

/** `null`: no record, or one that somebody else wrote. */
async function readRecord(batch: Pin): Promise<Record_ | null> {
  try {
    const path = batch.at(RECORD)
    const found = await lstat(path)
    if (!found.isFile() || found.size > LARGEST_RECORD) return null
    return record.safeParse(JSON.parse(await readFile(path, 'utf8'))).data ?? null
  } catch {
    return null
  }
}

const ifGone = (error: unknown): null => {
  if (error instanceof RequestProblem && error.status === 404) return null
  throw error
}

const ifMissing = (error: unknown): void => {
  if (!isMissing(error)) throw error
}

const notThere = () => new RequestProblem(404, 'That is no longer in the trash.')
