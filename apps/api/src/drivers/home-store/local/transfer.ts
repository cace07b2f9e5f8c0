/**
 * Homes as archives, in the folder of each instance: `upload-ID` comes in, is unpacked in `staging-…`, waits as `next`,
 * and takes the place of the home, which is kept as `earlier-MILLISECONDS`. Every move is a rename.
 */
import { randomUUID } from 'node:crypto'
import { lstat, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing, readIfThere } from '@matrixos/host/files'
import { HOME_FOLDER } from '@matrixos/shared'
import type { HomeRef } from '../../../ports/home-store.ts'
import type { Bytes, HomeTransfer } from '../../../ports/home-transfer.ts'
import type { HomeForm, OpenHome } from '../form.ts'
import { packHome, unpackHome } from './archive.ts'
import { homeOrArchive, plainArchive } from './packed.ts'
import { deleteTree } from './tree.ts'
import { createUploads, STAGED } from './uploads.ts'

const NEXT = 'next'
const EARLIER = /^earlier-(\d+)$/
const STAGING = /^staging-/
const OPENED = /^open-/
const LEFTOVER = /^(upload|staging|staged|\.manifest|open)-/

export interface LocalTransferOptions {
  /** Folder of an instance; throws for a handle that is none. */
  folderOf: (home: HomeRef) => string
  /** Throws where the folder is another instance's. */
  requireOwn: (home: HomeRef) => Promise<void>
  form: HomeForm
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false
      throw error
    },
  )

/** As it was, and the home is closed after its end. */
async function* closing(bytes: Bytes, { close }: OpenHome) {
  try {
    yield* bytes
  } finally {
    await close()
  }
}

export function createLocalTransfer({ folderOf, requireOwn, form }: LocalTransferOptions): HomeTransfer {
  const at = (home: HomeRef, name: string): string => join(folderOf(home), name)
  async function named(home: HomeRef, pattern: RegExp): Promise<string[]> {
    const names = await readdir(folderOf(home)).catch((error: unknown) => {
      if (isMissing(error)) return []
      throw error
    })
    return names.filter((name) => pattern.test(name))
  }

  async function discard(path: string): Promise<void> {
    await form.release(path)
    await deleteTree(path)
  }

  const deleteAll = async (home: HomeRef, pattern: RegExp): Promise<void> => {
    for (const name of await named(home, pattern)) await discard(at(home, name))
  }

  /** The newest first, with when each was moved there. */
  const earlierOnes = async (home: HomeRef) =>
    (await named(home, EARLIER))
      .map((name) => ({ name, since: Number(EARLIER.exec(name)?.[1]) }))
      .sort((one, other) => other.since - one.since)

  /** Sets the present home aside; an empty one, which a start made where a move was interrupted, is none. */
  async function leave(home: HomeRef, now: Date): Promise<void> {
    if (await form.dropEmpty(folderOf(home))) return
    await form.detach(folderOf(home))
    await rename(at(home, HOME_FOLDER), at(home, `earlier-${now.getTime()}`))
  }

  const stagedAt = (home: HomeRef, id: string): string => {
    if (!STAGED.test(`staged-${id}`)) throw new TypeError('Not the id of an upload.')
    return at(home, `staged-${id}`)
  }

  /** May be repeated after a kill at any point: what is in `staging` is whole. */
  async function moveStaged(home: HomeRef, staging: string): Promise<void> {
    const unpacked = join(staging, HOME_FOLDER)
    if (!(await isThere(unpacked))) return
    await deleteAll(home, EARLIER)
    await deleteTree(at(home, NEXT))
    await rename(unpacked, at(home, NEXT))
  }

  async function staged(home: HomeRef, id: string): Promise<string | null> {
    const manifest = await readIfThere(stagedAt(home, id))
    if (manifest === null) return null
    for (const name of await named(home, STAGING)) {
      await moveStaged(home, at(home, name))
      await discard(at(home, name))
    }
    return manifest
  }

  async function stage<T>(
    home: HomeRef,
    archive: Bytes,
    check: (manifest: string) => T,
    uploadId: string,
  ): Promise<T> {
    await requireOwn(home)
    const { uid, gid } = await homeOrArchive(form, folderOf(home))
    await deleteAll(home, STAGING)
    const staging = at(home, `staging-${randomUUID()}`)
    try {
      const { within, close } = await form.stage(folderOf(home), staging, { uid, gid })
      const unpacked = { staging: at(home, within), owner: { uid, gid }, archive }
      const text = await unpackHome(unpacked).finally(close)
      const manifest = check(text)
      const draft = at(home, `staging-${randomUUID()}`)
      await writeFile(draft, text, { flag: 'wx', mode: 0o600 })
      await rename(draft, stagedAt(home, uploadId))
      await moveStaged(home, staging)
      return manifest
    } finally {
      await discard(staging)
    }
  }

  return {
    async pack(home, manifest, signal) {
      await requireOwn(home)
      const packed = (await isThere(at(home, HOME_FOLDER)))
        ? null
        : await plainArchive(folderOf(home), signal)
      if (packed) return packed
      const opened = await form.open(folderOf(home))
      try {
        return closing(await packHome(folderOf(home), manifest, signal, opened), opened)
      } catch (error) {
        await opened.close()
        throw error
      }
    },
    ...createUploads({ at, deleteAll, requireOwn, stagedAt }),
    stage,
    staged,
    hasNext: (home) => isThere(at(home, NEXT)),
    async adopt(home, now) {
      if (!(await isThere(at(home, NEXT)))) return
      await requireOwn(home)
      await leave(home, now)
      await rename(at(home, NEXT), at(home, HOME_FOLDER))
    },
    async earlierSince(home) {
      const [newest] = await earlierOnes(home)
      return newest ? new Date(newest.since) : null
    },
    async takeBack(home) {
      const [newest] = await earlierOnes(home)
      if (!newest) return false
      await requireOwn(home)
      await deleteTree(at(home, NEXT))
      await rename(at(home, newest.name), at(home, NEXT))
      return true
    },
    async dropEarlier(home, before) {
      for (const { name, since } of await earlierOnes(home))
        if (since < before.getTime()) await deleteTree(at(home, name))
    },
    async dropLeftovers(home, before, seenBefore) {
      for (const name of await named(home, LEFTOVER)) {
        const found = await lstat(at(home, name)).catch(() => null)
        if (found && found.mtime < (OPENED.test(name) ? seenBefore : before)) await discard(at(home, name))
      }
    },
  }
}
