/** Homes on the host: `<instancesDir>/<handle>/matrixos`, with a note beside it that says whose it is. */
import { randomUUID } from 'node:crypto'
import { link, lstat, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HOME_FOLDER, handleProblem, type InstanceId } from '@matrixos/shared'
import { AppError } from '../../errors.ts'
import { isOnDisarmedMount } from './mount-flags.ts'
import { deleteTree, disarmTree, giveTree } from './tree.ts'

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

/** For the operator: the owner is shown no path of the server. */
const forOperator = (text: string, cause?: unknown): Error => new Error(text, { cause })

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
      throw new AppError('conflict', 'The home folder for this handle belongs to another instance.', {
        cause: forOperator(`${folder} says that it belongs to ${current}, not to ${id}.`),
      })
    }
    await mkdir(home, { recursive: true, mode: 0o700 })
    if (owner && (await lstat(home)).uid !== owner.uid) await giveTree(home, owner)
    return home
  } catch (error) {
    if (error instanceof AppError) throw error
    const fix = `The api must be able to write in ${instancesDir}, and the disk must not be full.`
    throw new AppError('internal', `The home of ${handle} could not be created. Trying again.`, {
      cause: forOperator(fix, error),
    })
  }
}

/**
 * Deletes the instance's folder, unless it is another instance's. It is moved aside first, so that the handle is
 * free at once and an interrupted deletion never leaves half a home under its name.
 */
export async function removeHome({ instancesDir, handle, id }: HomeOptions): Promise<void> {
  const folder = instanceFolder(instancesDir, handle)
  const aside = join(instancesDir, `.removing-${id}`)
  try {
    await deleteTree(aside)
    const owner = await readIfThere(join(folder, OWNER_FILE))
    if (owner === id) await rename(folder, aside)
    // Unmarked and empty: its making was interrupted at the first step.
    else if (owner === null) await rmdir(folder).catch(() => undefined)
    await deleteTree(aside)
  } catch (error) {
    const fix = `The api must be able to delete files in ${instancesDir}: run it as root, or give that folder to its user.`
    throw new AppError('internal', 'Some files could not be deleted yet. Trying again.', {
      cause: forOperator(fix, error),
    })
  }
}

/** No setuid file and no device node stays in the home of an instance that had root, and has ended. */
export async function disarmHome(instancesDir: string, handle: string): Promise<void> {
  const home = homeFolder(instancesDir, handle)
  try {
    if (!(await isOnDisarmedMount(home))) await disarmTree(home)
  } catch (error) {
    if (isMissing(error)) return
    throw new AppError('internal', 'The files of this computer could not be checked after it stopped.', {
      cause: error,
    })
  }
}
