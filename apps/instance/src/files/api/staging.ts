/**
 * `.uploads` at the top of the home: where files come into being, and where folders go to pieces, before or after they
 * have a name that anybody sees. What a kill left here is removed at the next start of the room.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { codeOf, isFull, isMissing, RequestProblem } from '../../http/problem.ts'
import { nameOf } from './names.ts'
import { removeTree } from './remove.ts'
import type { Pin, Tree } from './tree.ts'

export const UPLOADS = '.uploads'
export const TRASH = '.trash'

/** Both are the room's own: nobody moves or writes there by a path. */
export const isReserved = (path: string): boolean => [UPLOADS, TRASH].includes(path.split('/', 1)[0] ?? '')

/** The folder, made where it is missing. A link of that name would lead elsewhere, and is refused. */
export async function ownFolder(tree: Tree, name: string): Promise<Pin> {
  await using home = await tree.pin('')
  await mkdir(home.at(name), { mode: 0o700 }).catch((error) => {
    if (codeOf(error) !== 'EEXIST') throw error
  })
  const folder = await tree.pinExactly(name).catch(() => null)
  if (folder && (await folder.stats()).isDirectory()) return folder
  await folder?.[Symbol.asyncDispose]()
  throw new RequestProblem(409, `${name} in your home has to be a folder, and it is something else.`)
}

/** The same; `null` where it is missing, and the disk so full that it cannot be made: then nothing is in it. */
export const ownFolderIfRoom = (tree: Tree, name: string): Promise<Pin | null> =>
  ownFolder(tree, name).catch((error) => {
    if (isFull(error)) return null
    throw error
  })

/** `app`: of the apps' room, which is not opened when the files' is. */
export type Purpose = 'save' | 'copy' | 'gone' | 'app'

/** A name that nothing has yet. */
export const stagedName = (purpose: Purpose): string => `${purpose}-${randomUUID()}`

const OF_FILES: readonly Purpose[] = ['save', 'copy', 'gone']

/** What is there at a start of that room, when nothing of it can be in use. */
export async function findLeftovers(tree: Tree, of: readonly Purpose[] = OF_FILES): Promise<string[]> {
  await using staging = await tree.pinExactly(UPLOADS).catch(ifMissing)
  if (!staging) return []
  const names = (await readdir(staging.self, { encoding: 'buffer' })).map(nameOf)
  return names.filter((name) => of.some((purpose) => name.startsWith(`${purpose}-`)))
}

export async function removeLeftovers(tree: Tree, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await using staging = await tree.pinExactly(UPLOADS)
  for (const name of names) await removeTree(staging, name)
}

const ifMissing = (error: unknown): null => {
  if (isMissing(error)) return null
  throw error
}
