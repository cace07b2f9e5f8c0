/** Homes on the host: `<instancesDir>/<handle>/matrixos`, with a note beside it that says whose it is. */
import { randomUUID } from 'node:crypto'
import { lchown, link, lstat, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HOME_FOLDER, handleProblem, type InstanceId } from '@matrixos/shared'
import { AppError } from '../../errors.ts'

const OWNER_FILE = 'instance-id'

interface Owner {
  uid: number
  gid: number
}

export interface HomeOptions {
  instancesDir: string
  handle: string
  id: InstanceId
}

/** Folder of one instance. Handles come from the database, but a path is made of them: checked again. */
export function instanceFolder(instancesDir: string, handle: string): string {
  if (handleProblem(handle) === 'malformed') throw new AppError('internal', `Not a handle: ${handle}`)
  return join(instancesDir, handle)
}

export const homeFolder = (instancesDir: string, handle: string): string =>
  join(instanceFolder(instancesDir, handle), HOME_FOLDER)

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** Text of a file, or `null` where there is none. */
export async function readIfThere(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
}

/** Readers see the old text or the new, whenever the writer is killed. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, text)
  await rename(draft, path)
}

/** Writes the text unless the file is there; returns what the file says then. Of simultaneous claims one wins. */
async function claim(path: string, text: string): Promise<string | null> {
  const current = await readIfThere(path)
  if (current !== null) return current
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, text)
  // A link, unlike a renaming, fails where somebody was faster.
  await link(draft, path).catch(() => undefined)
  await rm(draft)
  return await readIfThere(path)
}

/** Gives the home and what is in it away; links are never followed. The instance must not run meanwhile. */
async function giveTo(home: string, { uid, gid }: Owner): Promise<void> {
  if ((await lstat(home)).uid === uid) return
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), uid, gid)
  }
  // Last, so that an interrupted walk is begun again.
  await lchown(home, uid, gid)
}

/**
 * Makes the home, or leaves it as it is. An unmarked folder (restored by hand) becomes this instance's. `owner`:
 * who the instance runs as; only root can give a folder away, so others leave it out. Throws `conflict` when the
 * folder is another instance's.
 */
export async function ensureHome({ instancesDir, handle, id }: HomeOptions, owner?: Owner): Promise<string> {
  const folder = instanceFolder(instancesDir, handle)
  const home = join(folder, HOME_FOLDER)
  try {
    await mkdir(folder, { recursive: true, mode: 0o711 })
    const current = await claim(join(folder, OWNER_FILE), id)
    if (current !== id) {
      throw new AppError('conflict', `The folder ${folder} belongs to another instance (${current}).`)
    }
    await mkdir(home, { recursive: true, mode: 0o700 })
    if (owner) await giveTo(home, owner)
    return home
  } catch (error) {
    if (error instanceof AppError) throw error
    const fix = `The api must be able to write in ${instancesDir}, and the disk must not be full.`
    throw new AppError('internal', `The home of ${handle} could not be made. ${fix}`, { cause: error })
  }
}

/**
 * Deletes the instance's folder, unless it is another instance's. It is moved aside first, so that the handle is
 * free at once and an interrupted deletion never leaves half a home under its name.
 */
export async function removeHome({ instancesDir, handle, id }: HomeOptions): Promise<void> {
  const folder = instanceFolder(instancesDir, handle)
  const aside = join(instancesDir, `.removing-${id}`)
  const discard = () => rm(aside, { recursive: true, force: true, maxRetries: 3 })
  try {
    await discard()
    const owner = await readIfThere(join(folder, OWNER_FILE))
    if (owner === id) await rename(folder, aside)
    // Unmarked and empty: its making was interrupted at the first step.
    else if (owner === null) await rmdir(folder).catch(() => undefined)
    await discard()
  } catch (error) {
    const fix = `The api must be able to delete files in ${instancesDir}: run it as root, or give that folder to its user.`
    throw new AppError('internal', `The home of ${handle} could not be deleted. ${fix}`, { cause: error })
  }
}
