/** Gives a file or folder its name. What has that name already is never replaced unseen. */
import { link, lstat, open, rename, unlink } from 'node:fs/promises'
import { codeOf } from '../../http/problem.ts'
import { bytesOf, nameOf } from './names.ts'
import { renameAnyway } from './remove.ts'
import type { Pin } from './tree.ts'

const LONGEST_NAME = 255

/** Rejects with EEXIST when something is there, even if it came at the last moment. */
export async function placeNew(from: string | Buffer, to: string | Buffer): Promise<void> {
  const isFolder = (await lstat(from)).isDirectory()
  if (!isFolder) {
    // Unlike a rename, a second name is refused where there is one: nothing can come in between.
    const failed = await link(from, to).then(
      () => null,
      (error) => error,
    )
    if (!failed) return unlink(from)
    // File systems without a second name, and files of other owners.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(failed))) throw failed
  }
  if (await isThere(to)) throw Object.assign(new Error('Something is there.'), { code: 'EEXIST' })
  await renameAnyway(from, to)
}

/**
 * The same for what lies in a folder of our own: where a kill came between its second name and the loss of the first, it
 * has its place already, and loses the first name now.
 */
export async function placeOwn(from: string | Buffer, to: string | Buffer): Promise<void> {
  await placeNew(from, to).catch(async (error) => {
    if (codeOf(error) !== 'EEXIST') throw error
    const [one, other] = await Promise.all([lstat(from), lstat(to)])
    if (one.isDirectory() || one.ino !== other.ino || one.dev !== other.dev) throw error
    await unlink(from)
  })
}

/** Replaces a file, in one step. */
export const placeOver = (from: string | Buffer, to: string | Buffer): Promise<void> => rename(from, to)

/** Of our own: takes the name, or the nearest that is free: `plan (2).txt`, `plan (restored).txt`. Resolves to it. */
export async function placeBeside(
  from: string | Buffer,
  folder: Pin,
  name: string,
  word?: string,
): Promise<string> {
  const mark = (number: number) =>
    word === undefined ? `${number + 1}` : number === 1 ? word : `${word} ${number}`
  for (let number = 0; ; number++) {
    const candidate = number === 0 ? name : marked(name, mark(number))
    try {
      await placeOwn(from, folder.at(candidate))
      return candidate
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
}

/** The mark goes before the ending, and takes the place of letters where the name would become too long. */
function marked(name: string, mark: string): string {
  const cut = name.lastIndexOf('.')
  const ending = cut > 0 && name.length - cut <= 16 ? name.slice(cut) : ''
  const tail = ` (${mark})${ending}`
  let stem = bytesOf(name.slice(0, name.length - ending.length))
  const room = LONGEST_NAME - bytesOf(tail).length
  // Never in the middle of a character, which would be another name.
  while (stem.length > room) stem = bytesOf([...nameOf(stem)].slice(0, -1).join(''))
  return nameOf(stem) + tail
}

const isThere = (path: string | Buffer): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error) => {
      if (codeOf(error) === 'ENOENT') return false
      throw error
    },
  )

/** Makes names last: a folder's entries are its own content. */
export async function syncFolder(folder: Pin): Promise<void> {
  await using handle = await open(folder.self)
  await handle.sync()
}
