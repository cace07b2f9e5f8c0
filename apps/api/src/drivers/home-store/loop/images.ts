/** Images in the folder of an instance: made, and opened at a place of their own, whatever the instance does meanwhile. */
import { randomUUID } from 'node:crypto'
import { chmod, chown, lstat, mkdir, rmdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '@matrixos/host/files'
import { HOME_FOLDER } from '@matrixos/shared'
import { AppError } from '../../../errors.ts'
import type { HomeOwner, HomeStorage } from '../../../ports/home-store.ts'
import type { OpenHome } from '../form.ts'
import { mount, unmountBelow } from './mounts.ts'
import { runLocked } from './run.ts'
import { MAKE } from './scripts.ts'
import { rememberedStorage } from './storage-note.ts'

const SEEN_MS = 60_000

/** Where an image is mounted, beside it. */
export const DISK = 'disk'

export const imageIn = (folder: string): string => join(folder, HOME_FOLDER)

export const statOf = (path: string) =>
  lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })

/** `null`: there is none. Throws `conflict` for a home that another store has left there. */
export async function imageOf(folder: string) {
  const found = await statOf(imageIn(folder))
  if (found === null || found.isFile()) return found
  const message = 'The files of this computer are kept in another way than the server is set to.'
  const fix = `${imageIn(folder)} is a folder, as HOME_STORE=local makes it: go back to that setting.`
  throw new AppError('conflict', message, { cause: new Error(fix) })
}

export interface Making {
  /** Of the instance. */
  folder: string
  image: string
  /** Where nothing else was said of this home. */
  storage: HomeStorage
}

export async function makeImage({ folder, image, storage }: Making): Promise<void> {
  const { diskBytes, inodes } = (await rememberedStorage(folder)) ?? storage
  await runLocked(folder, MAKE, [image, String(diskBytes), String(inodes)])
}

/** Of the folder's home. */
export async function openImage(folder: string): Promise<OpenHome> {
  const beside = `open-${randomUUID()}`
  const point = join(folder, beside, DISK)
  // Whoever finds it later knows by this whether it is still read.
  const seen = setInterval(() => {
    const now = new Date()
    utimes(join(folder, beside), now, now).catch(() => undefined)
  }, SEEN_MS).unref()
  const close = async () => {
    clearInterval(seen)
    await unmountBelow(join(folder, beside))
    for (const path of [point, join(folder, beside)]) await rmdir(path).catch(() => undefined)
  }
  try {
    await mkdir(join(folder, beside), { mode: 0o711 })
    await mount({ folder, image: imageIn(folder), point })
  } catch (error) {
    await close()
    throw error
  }
  return { within: join(beside, DISK), close }
}

export interface Staging extends Omit<Making, 'image'> {
  staging: string
  owner: HomeOwner
}

/** An empty one in `staging`, which the owner may fill until it is closed. */
export async function stageImage({ folder, staging, storage, owner }: Staging): Promise<OpenHome> {
  await mkdir(staging, { mode: 0o711 })
  const [image, point] = [imageIn(staging), join(staging, DISK)]
  await makeImage({ folder, image, storage })
  await mount({ folder, image, point })
  await chown(point, owner.uid, owner.gid)
  return {
    within: point.slice(folder.length + 1),
    async close() {
      await chown(point, 0, 0)
      await chmod(point, 0o711)
      await unmountBelow(staging)
    },
  }
}
