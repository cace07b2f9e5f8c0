/**
 * Uploads in parts. Each is a folder of `.uploads` with what is known of it and what has arrived; how far it is, is the
 * size of that file, so a reload, a sleep or a kill costs nothing but the part that was on its way.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rm, stat, statfs } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import * as z from 'zod/mini'
import { codeOf, exists, isMissing, RequestProblem } from '../../http/problem.ts'
import { kindOf, locatedAt } from './entries.ts'
import { createGate, type Gate } from './gate.ts'
import { makeFolders, refuseReserved } from './make.ts'
import { placeBeside, placeOver, placeOwn, syncFolder } from './place.ts'
import { CHUNK_BYTES, type Located, type Upload, uploadRequest } from './protocol.ts'
import { removeTree } from './remove.ts'
import { ownFolder, ownFolderIfRoom, UPLOADS } from './staging.ts'
import type { Pin, Spot, Tree } from './tree.ts'
import { writeAll } from './write.ts'

type Wanted = z.infer<typeof uploadRequest>
type IfExists = Wanted['ifExists']

export interface Uploads {
  create(wanted: Wanted): Promise<Upload>
  list(): Promise<Upload[]>
  get(id: string): Promise<Upload>
  /** Rejects with 409 and the right offset when `offset` is not where it stands. */
  append(id: string, offset: number, request: IncomingMessage): Promise<Upload>
  finish(id: string, ifExists?: IfExists): Promise<Located>
  remove(id: string): Promise<void>
}

export interface UploadsOptions {
  tree: Tree
  now: () => Date
  oneAtATime: Gate
}

const UNFINISHED_AT_MOST = 200
const FINISHED_KEPT = 200
/** Nobody goes on with it after that. */
const KEPT_MS = 7 * 24 * 3_600_000
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const RECORD = 'record.json'
const DATA = 'data'

const record = z.extend(uploadRequest, { startedAt: z.string() })
type Record_ = z.infer<typeof record>

export function createUploads({ tree, now, oneAtATime }: UploadsOptions): Uploads {
  /** Uploads that a request is at work on. */
  const busy = new Set<string>()
  const alone = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    // Not 409, which is a question to a person: the page tries again by itself.
    if (busy.has(id)) throw new RequestProblem(429, 'Another request is at work on this upload.')
    busy.add(id)
    return work().finally(() => busy.delete(id))
  }
  const folderOf = async (id: string): Promise<Pin> => {
    if (!ID.test(id)) throw notThere()
    return tree.pinExactly(`${UPLOADS}/${id}`).catch((error) => {
      throw isMissing(error) ? notThere() : error
    })
  }
  /** The last that were finished: whoever lost the word of it asks once more, and must not bring it in again. */
  const finished = new Map<string, { upload: Upload; placed: Located }>()
  const remember = (upload: Upload, placed: Located) => {
    const [oldest] = finished.set(upload.id, { upload, placed }).keys()
    if (finished.size > FINISHED_KEPT && oldest !== undefined) finished.delete(oldest)
  }
  const get = async (id: string): Promise<Upload> => {
    const over = finished.get(id)
    if (over) return over.upload
    await using folder = await folderOf(id)
    return await describe(id, folder, await readRecord(folder))
  }
  const ids = async (staging: Pin) => (await readdir(staging.self)).filter((name) => ID.test(name))

  const sweep = async (staging: Pin): Promise<number> => {
    let left = 0
    for (const id of await ids(staging)) {
      const touched = await stat(staging.at(`${id}/${DATA}`))
        .catch(() => stat(staging.at(`${id}/${RECORD}`)))
        .catch(() => null)
      const isOld = !touched || now().getTime() - touched.mtimeMs > KEPT_MS
      if (isOld && !busy.has(id)) await removeTree(staging, id)
      else left++
    }
    return left
  }

  // One that another is just making has no data yet, and looks like a leftover.
  const inOrder = createGate()
  const create = async (wanted: Wanted): Promise<Upload> => {
    await checkGoal(tree, wanted)
    await using staging = await ownFolder(tree, UPLOADS)
    await checkRoom(staging, wanted.size)
    if ((await sweep(staging)) >= UNFINISHED_AT_MOST) {
      throw new RequestProblem(429, 'Too many uploads are unfinished. Finish some, or give them up.')
    }
    const id = randomUUID()
    try {
      await mkdir(staging.at(id), 0o700)
      await using folder = await folderOf(id)
      const made: Record_ = { ...wanted, startedAt: now().toISOString() }
      await (await open(folder.at(DATA), 'wx', 0o644)).close()
      await using file = await open(folder.at(RECORD), 'wx', 0o600)
      await file.writeFile(JSON.stringify(made))
      return { id, path: wanted.path, size: wanted.size, offset: 0, startedAt: made.startedAt }
    } catch (error) {
      await removeTree(staging, id)
      throw error
    }
  }

  return {
    get,
    create: (wanted) => inOrder(() => create(wanted)),
    async list() {
      await using staging = await ownFolderIfRoom(tree, UPLOADS)
      if (!staging) return []
      const all = await Promise.allSettled((await ids(staging)).map(get))
      return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    },
    append: (id, offset, request) =>
      alone(id, async () => {
        await using folder = await folderOf(id)
        const before = await describe(id, folder, await readRecord(folder))
        if (before.offset !== offset) {
          throw new RequestProblem(409, 'The upload stands elsewhere.', { offset: before.offset })
        }
        const atMost = Math.min(CHUNK_BYTES, before.size - offset)
        if (Number(request.headers['content-length'] ?? 0) > atMost) {
          throw new RequestProblem(413, 'That is more than fits into one request.')
        }
        await using file = await open(folder.at(DATA), 'r+')
        const written = await writeAll(file, request, { from: offset, atMost })
        await file.datasync()
        return { ...before, offset: offset + written }
      }),
    finish: (id, ifExists) =>
      alone(id, async () => {
        const over = finished.get(id)
        if (over) return over.placed
        await using folder = await folderOf(id)
        const made = await readRecord(folder)
        const upload = await describe(id, folder, made)
        const { offset, size } = upload
        if (offset !== size) throw new RequestProblem(409, 'Some of the file is still missing.', { offset })
        const placed = await oneAtATime(() =>
          moveIn(tree, folder, { ...made, ifExists: ifExists ?? made.ifExists }),
        )
        remember(upload, placed)
        await rm(folder.at(RECORD), { force: true })
        await using staging = await ownFolder(tree, UPLOADS)
        await removeTree(staging, id)
        return placed
      }),
    remove: (id) =>
      alone(id, async () => {
        await (await folderOf(id))[Symbol.asyncDispose]()
        await using staging = await ownFolder(tree, UPLOADS)
        await removeTree(staging, id)
      }),
  }
}

/** Told before the first byte travels, where it is known by then. */
async function checkGoal(tree: Tree, { path, ifExists }: Wanted): Promise<void> {
  refuseReserved(path)
  const found = await tree.spot(path).catch((error) => {
    if (isMissing(error)) return null
    throw error
  })
  if (!found) return
  await using spot = found
  refuseReserved(spot.path)
  const stats = await spot.stats()
  if (stats && ifExists === 'refuse') throw exists(path)
  if (stats?.isDirectory() && ifExists === 'replace')
    throw new RequestProblem(409, `${path}: that is a folder`)
}

async function checkRoom(staging: Pin, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(staging.self)
  if (size <= bavail * bsize) return
  throw Object.assign(new Error('There is no room for it.'), { code: 'ENOSPC' })
}

async function moveIn(tree: Tree, folder: Pin, { path, ifExists, modifiedAt }: Record_): Promise<Located> {
  await makeFolders(tree, path.slice(0, Math.max(path.lastIndexOf('/'), 0)))
  await using spot = await tree.spot(path)
  refuseReserved(spot.path)
  const data = folder.at(DATA)
  if ((await sizeOf(data)) === null) return await locatedAt(spot)
  {
    await using file = await open(data, 'r+')
    const at = modifiedAt === undefined ? Number.NaN : Date.parse(modifiedAt)
    if (Number.isFinite(at)) await file.utimes(at / 1000, at / 1000)
    await file.sync()
  }
  const name = await place(data, spot, ifExists)
  await syncFolder(spot.folder)
  await using placed = await tree.spot(spot.folder.path === '' ? name : `${spot.folder.path}/${name}`)
  return await locatedAt(placed)
}

async function place(data: string | Buffer, spot: Spot, ifExists: IfExists): Promise<string> {
  if (ifExists === 'rename') return placeBeside(data, spot.folder, spot.name)
  const stats = await spot.stats()
  if (stats && ifExists === 'replace') {
    if (kindOf(stats) === 'folder') throw new RequestProblem(409, `${spot.path}: that is a folder`)
    await placeOver(data, spot.self)
  } else {
    await placeOwn(data, spot.self).catch((error) => {
      throw codeOf(error) === 'EEXIST' ? exists(spot.path) : error
    })
  }
  return spot.name
}

async function describe(id: string, folder: Pin, { path, size, startedAt }: Record_): Promise<Upload> {
  // A record without its bytes is of a kill just after they had got their name.
  const offset = (await sizeOf(folder.at(DATA))) ?? size
  return { id, path, size, offset, startedAt }
}

const sizeOf = (path: string | Buffer): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    (error) => {
      if (isMissing(error)) return null
      throw error
    },
  )

async function readRecord(folder: Pin): Promise<Record_> {
  const text = await readFile(folder.at(RECORD), 'utf8').catch(() => '')
  try {
    return record.parse(JSON.parse(text))
  } catch {
    throw notThere()
  }
}

const notThere = () => new RequestProblem(404, 'That upload is no longer there.')
