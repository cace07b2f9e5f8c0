/** `/.app/files`: what an app keeps as files, in its folder `data` and nowhere else. */
import { open, readdir, unlink } from 'node:fs/promises'
import { entryOf } from '../../files/api/entries.ts'
import type { Gate } from '../../files/api/gate.ts'
import { makeFolders } from '../../files/api/make.ts'
import { nameOf } from '../../files/api/names.ts'
import { placeOver, syncFolder } from '../../files/api/place.ts'
import { ownFolder, stagedName, UPLOADS } from '../../files/api/staging.ts'
import type { Pin, Tree } from '../../files/api/tree.ts'
import { writeAll } from '../../files/api/write.ts'
import { isMissing, RequestProblem } from '../../http/problem.ts'
import { DATA_FOLDER, folderOf } from '../folder.ts'
import { isAppPath } from '../manifest.ts'
import { serveStatic } from '../static.ts'
import { type AppAsk, type AppRoom, checkAccess, notHere, notSo, sendJson, sendNothing } from './ask.ts'

const LARGEST_FILE_BYTES = 8 * 1024 * 1024
const LISTED_AT_MOST = 1_000
/** Folders within folders, of all that an app names. */
const DEEPEST = 8

export interface FilesOptions {
  home: Tree
  /** The folder `data` of an app, which no link leads out of. */
  dataTreeOf: (app: string) => Tree
  oneAtATime: Gate
}

/** What is there is sent as what it is, but never as a page: a picture of somebody else's could be one. */
const SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'; sandbox"

export function createFiles({ home, dataTreeOf, oneAtATime }: FilesOptions): AppRoom {
  const list = async ({ app, path, response }: AppAsk) => {
    const folder = path.replace(/\/$/, '')
    if (folder !== '' && !isAppPath(folder)) throw wrongPath()
    sendJson(response, { entries: await entriesOf(dataTreeOf(app), folder) })
  }
  const read = async ({ app, path, request, response }: AppAsk) => {
    if (!isAppPath(path)) throw wrongPath()
    const wanted = `/${path.split('/').map(encodeURIComponent).join('/')}`
    const serving = { path: wanted, entry: '', policy: SANDBOX, request, response }
    if (!(await serveStatic(dataTreeOf(app), serving))) throw notHere()
  }
  const write = async ({ app, path, request, response }: AppAsk) => {
    const parts = path.split('/')
    if (!isAppPath(path) || parts.length > DEEPEST) throw wrongPath()
    const place = [folderOf(app), DATA_FOLDER, ...parts.slice(0, -1)].join('/')
    await makeFolders(home, place)
    await using folder = await exactly(home, place)
    await using staging = await ownFolder(home, UPLOADS)
    const staged = staging.at(stagedName('app'))
    try {
      await using file = await open(staged, 'wx', 0o644)
      await writeAll(file, request, { from: 0, atMost: LARGEST_FILE_BYTES })
      await file.sync()
      await oneAtATime(() => placeOver(staged, folder.at(parts.at(-1) ?? '')))
    } catch (error) {
      await unlink(staged).catch(() => undefined)
      throw error
    }
    await syncFolder(folder)
    sendNothing(response)
  }
  const remove = async ({ app, path, response }: AppAsk) => {
    if (!isAppPath(path)) throw wrongPath()
    const parts = path.split('/')
    await using folder = await exactly(home, [folderOf(app), DATA_FOLDER, ...parts.slice(0, -1)].join('/'))
    await unlink(folder.at(parts.at(-1) ?? '')).catch((error) => {
      if (!isMissing(error)) throw error
    })
    sendNothing(response)
  }

  return (ask) => {
    const { method, path, manifest } = ask
    checkAccess(ask, manifest.visitors.files, method !== 'GET')
    if (method === 'GET') return path === '' || path.endsWith('/') ? list(ask) : read(ask)
    if (method === 'PUT') return write(ask)
    if (method === 'DELETE') return remove(ask)
    throw notSo()
  }
}

/** A link in the way would lead out of the app's own folder. */
const exactly = (home: Tree, place: string): Promise<Pin> =>
  home.pinExactly(place).catch((error) => {
    throw isMissing(error) ? notHere() : error
  })

async function entriesOf(tree: Tree, path: string) {
  try {
    await using folder = await tree.pin(path)
    if (!(await folder.stats()).isDirectory()) throw notHere()
    const names = (await readdir(folder.self, { encoding: 'buffer' })).map(nameOf)
    const entries = []
    for (const name of names.filter((one) => !one.startsWith('.')).slice(0, LISTED_AT_MOST)) {
      await using spot = await tree.spot(path === '' ? name : `${path}/${name}`)
      const stats = await spot.stats()
      if (stats) entries.push(entryOf(name, stats))
    }
    return entries.map(({ kind, size, modifiedAt, name }) => ({ name, kind, size, modifiedAt }))
  } catch (error) {
    // Nothing was kept yet.
    if (isMissing(error) && path === '') return []
    throw isMissing(error) ? notHere() : error
  }
}

const wrongPath = () =>
  new RequestProblem(400, 'A file of an app has a path of plain names, such as pictures/cat.png.')
