/**
 * A home that is an image: a sparse file, `matrixos`, with a file system in it that is no larger than the home may become.
 * Attached, it is mounted at `disk` beside it, and the home is `disk/matrixos`.
 */
import { lstat, mkdir, rmdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '@matrixos/host/files'
import { HOME_FOLDER } from '@matrixos/shared'
import type { HomeStorage } from '../../../ports/home-store.ts'
import type { HomeForm } from '../form.ts'
import { DISK, imageIn, imageOf, makeImage, openImage, stageImage, statOf } from './images.ts'
import { isShown, mount, pointsBelow, unmountBelow } from './mounts.ts'
import { requireLoop } from './requirements.ts'
import { runLocked } from './run.ts'
import { GROW } from './scripts.ts'
import { rememberStorage } from './storage-note.ts'

const pointIn = (folder: string): string => join(folder, DISK)
const filesIn = (folder: string): string => join(pointIn(folder), HOME_FOLDER)
const detach = (folder: string): Promise<void> => unmountBelow(pointIn(folder))

const isThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST'

async function attach(folder: string, storage?: HomeStorage): Promise<void> {
  if (storage) await rememberStorage(folder, storage)
  const [found, image, point] = [await imageOf(folder), imageIn(folder), pointIn(folder)]
  if (!found) return
  const isGrowing = (await statOf(`${image}.growing`)) !== null
  if (isGrowing || (storage && found.size < storage.diskBytes))
    await runLocked(folder, GROW, [image, String(storage?.diskBytes ?? found.size)])
  if (!(await isShown(image, point))) await mount({ folder, image, point })
  // The making may have ended before it.
  await mkdir(filesIn(folder), { mode: 0o700 }).catch((error: unknown) => {
    if (!isThere(error)) throw error
  })
}

async function attachedIn(instancesDir: string): Promise<string[]> {
  const points = await pointsBelow(instancesDir)
  return points.flatMap((point) => {
    const [folder, name, ...more] = point.split('/')
    return folder && name === DISK && more.length === 0 ? [join(instancesDir, folder)] : []
  })
}

async function dropEmpty(folder: string): Promise<boolean> {
  if (!(await imageOf(folder))) return true
  const { within, close } = await openImage(folder)
  const isEmpty = await rmdir(join(folder, within, HOME_FOLDER))
    .then(
      () => true,
      (error: unknown) => isMissing(error),
    )
    .finally(close)
  if (!isEmpty) return false
  await detach(folder)
  await runLocked(folder, 'rm -f "$1"', [imageIn(folder)])
  return true
}

async function measure(folder: string): Promise<number | null> {
  const found = await imageOf(folder)
  if (!found) return null
  if (!(await isShown(imageIn(folder), pointIn(folder)))) return found.blocks * 512
  // What the image takes on the disk lags behind what is written.
  const { blocks, bfree, bsize } = await statfs(pointIn(folder))
  return (blocks - bfree) * bsize
}

async function fill(folder: string): Promise<number | null> {
  if (!(await isShown(imageIn(folder), pointIn(folder)))) return null
  const { blocks, bavail, files, ffree } = await statfs(pointIn(folder))
  return Math.max(1 - bavail / blocks, 1 - ffree / files)
}

export interface ImageFormOptions {
  /** Of a home that nothing else was said of. */
  storage: HomeStorage
}

export function createImageForm({ storage }: ImageFormOptions): HomeForm {
  return {
    name: 'loop',
    enforces: { disk: true, inodes: true },
    check: requireLoop,
    filesIn,
    async make(folder) {
      if (!(await imageOf(folder))) await makeImage({ folder, image: imageIn(folder), storage })
      await attach(folder)
    },
    ...{ attach, detach, attachedIn, dropEmpty, measure, fill },
    async open(folder) {
      await imageOf(folder)
      return await openImage(folder)
    },
    stage: (folder, staging, owner) => stageImage({ folder, staging, storage, owner }),
    async ownerIn(folder) {
      if (!(await imageOf(folder))) return null
      const { within, close } = await openImage(folder)
      return await lstat(join(folder, within, HOME_FOLDER)).finally(close)
    },
    release: unmountBelow,
  }
}
