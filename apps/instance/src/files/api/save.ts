/**
 * `PUT content`: a file is replaced as a whole or not at all, and only by who has seen what it replaces. The new text is
 * on the disk before it gets the name, so a full disk, a kill or a client that left costs nothing that was there.
 */
import type { BigIntStats } from 'node:fs'
import { access, chmod, constants, open, unlink } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { codeOf, isMissing, RequestProblem } from '../../http/problem.ts'
import { kindOf, locatedAt, versionOf } from './entries.ts'
import type { Gate } from './gate.ts'
import { makeFolders } from './make.ts'
import { placeNew, placeOver, syncFolder } from './place.ts'
import { CHUNK_BYTES, type Located } from './protocol.ts'
import { isReserved, ownFolder, stagedName, UPLOADS } from './staging.ts'
import type { Spot, Tree } from './tree.ts'
import { writeAll } from './write.ts'

interface Saving {
  path: string
  /** Whether folders that are missing are made. */
  makesFolders: boolean
  request: IncomingMessage
}

/** Resolves once it is on the disk. `isNew`: nothing was there. */
export async function saveContent(
  tree: Tree,
  { path, makesFolders, request }: Saving,
  oneAtATime: Gate,
): Promise<{ located: Located; isNew: boolean }> {
  const expected = expectedOf(request)
  if (Number(request.headers['content-length'] ?? 0) > CHUNK_BYTES) throw tooLarge()
  if (makesFolders) await makeFolders(tree, path.slice(0, Math.max(path.lastIndexOf('/'), 0)))
  await using spot = await spotToWrite(tree, path)
  const before = await spot.stats()
  check(before, expected)
  if (before) await access(spot.self, constants.W_OK)
  await using staging = await ownFolder(tree, UPLOADS)
  const staged = staging.at(stagedName('save'))
  try {
    await using file = await open(staged, 'wx', 0o644)
    await writeAll(file, request, { from: 0, atMost: CHUNK_BYTES })
    await file.sync()
    if (before) await chmod(staged, Number(before.mode) & 0o7777)
    await oneAtATime(async () => {
      // The body may have taken its time.
      const now = await spot.stats()
      check(now, expected)
      if (now) await placeOver(staged, spot.self)
      else await placeNew(staged, spot.self)
    })
  } catch (error) {
    await unlink(staged).catch(() => undefined)
    if (codeOf(error) === 'EEXIST') check(await spot.stats(), expected)
    throw error
  }
  await syncFolder(spot.folder)
  return { located: await locatedAt(spot), isNew: before === null }
}

/** Where to write: through a link to where it leads, as an editor would. */
async function spotToWrite(tree: Tree, path: string): Promise<Spot> {
  const spot = await tree.spot(path)
  try {
    const stats = await spot.stats()
    if (stats?.isSymbolicLink()) {
      await spot[Symbol.asyncDispose]()
      await using end = await tree.pin(path).catch((error) => {
        if (!isMissing(error)) throw error
        throw new RequestProblem(409, `${path} is a link that leads nowhere.`)
      })
      return await spotToWrite(tree, end.path)
    }
    if (isReserved(spot.path)) throw new RequestProblem(403, 'I keep that folder myself.')
    if (stats && kindOf(stats) !== 'file') throw new RequestProblem(409, `${path}: that is not a file`)
    return spot
  } catch (error) {
    await spot[Symbol.asyncDispose]()
    throw error
  }
}

/** The version that may be replaced; `null`: nothing may be there. */
function expectedOf({ headers }: IncomingMessage): string | null {
  const ifMatch = headers['if-match']
  if (ifMatch === undefined && headers['if-none-match'] === '*') return null
  const version = /^"([^"]+)"$/.exec(ifMatch ?? '')?.[1]
  if (version === undefined) {
    throw new RequestProblem(428, 'Say which version of the file this replaces.')
  }
  return version
}

function check(stats: BigIntStats | null, expected: string | null): void {
  const version = stats ? versionOf(stats) : null
  if (version === expected) return
  const message =
    version === null
      ? 'The file is no longer there.'
      : expected === null
        ? 'There is a file of that name already.'
        : 'The file was changed meanwhile.'
  throw new RequestProblem(412, message, { version })
}

const tooLarge = () => new RequestProblem(413, 'That is too much for one request: upload it in parts.')
