/**
 * Homes that are packed away, in the folder of each instance: `packing-…` becomes `archive.tar.zst`, and the home before
 * it `packed-…` until it is deleted. On the way back, `unpacking-…` becomes the home. Every move is a rename.
 */
import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { chown, lstat, open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import { isMissing } from '@matrixos/host/files'
import { HOME_FOLDER } from '@matrixos/shared'
import { AppError } from '../../../errors.ts'
import type { HomeOwner, HomeRef } from '../../../ports/home-store.ts'
import type { Bytes } from '../../../ports/home-transfer.ts'
import type { PackedHomes, PackOptions } from '../../../ports/packed-homes.ts'
import type { HomeForm } from '../form.ts'
import { packHome, unpackHome } from './archive.ts'
import { deleteTree, isTooDeep } from './tree.ts'

const ARCHIVE = 'archive.tar.zst'
const LEFTOVER = /^(packing|packed|unpacking|\.manifest|open)-/
const COMPRESSION = {
  params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
}

export interface LocalPackedOptions {
  /** Folder of an instance; throws for a handle that is none. */
  folderOf: (home: HomeRef) => string
  /** Whether the folder is there, and this instance's. Throws where it is another's. */
  isOwn: (home: HomeRef) => Promise<boolean>
  form: HomeForm
}

const statOf = async (path: string) =>
  lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })

/** What a rename wrote is on the disk, and not only in its cache. */
async function sync(path: string): Promise<void> {
  const file = await open(path)
  await file.sync().finally(() => file.close())
}

const isRoot = process.getuid?.() === 0

/** Its home would go, and could never be brought back from the archive. */
const tooDeep = () =>
  new AppError(
    'conflict',
    'A folder of this computer is nested too deep to be packed. Its files stay where they are.',
  )

interface Writing extends PackOptions {
  form: HomeForm
  folder: string
  path: string
}

/** Of the home in the folder. */
async function writeArchive({ form, folder, path, manifest, signal }: Writing): Promise<void> {
  const { within, close } = await form.open(folder)
  try {
    if (await isTooDeep(join(folder, within), HOME_FOLDER)) throw tooDeep()
    const packed = await packHome(folder, manifest, signal, { isWhole: true, within })
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
    await pipeline(packed, createZstdCompress(COMPRESSION), file, { signal })
    // Whose home it is: there is no other place that would tell.
    const { uid, gid } = await lstat(join(folder, within, HOME_FOLDER))
    if (isRoot) await chown(path, uid, gid)
  } finally {
    await close()
  }
  await sync(path)
}

interface Reading {
  form: HomeForm
  folder: string
  owner: HomeOwner
  hasLateModes: boolean
}

async function readArchive({ form, folder, owner, hasLateModes }: Reading): Promise<void> {
  const staging = join(folder, `unpacking-${randomUUID()}`)
  const { within, close } = await form.stage(folder, staging, owner)
  const plain = createZstdDecompress()
  const reading = pipeline(createReadStream(join(folder, ARCHIVE)), plain)
  const unpacking = unpackHome({ staging: join(folder, within), owner, archive: plain, hasLateModes })
  const [read, unpacked] = await Promise.allSettled([reading, unpacking])
  await close()
  if (read.status === 'rejected') throw read.reason
  if (unpacked.status === 'rejected') throw unpacked.reason
  await rename(join(staging, HOME_FOLDER), join(folder, HOME_FOLDER))
  await sync(folder)
}

/** What is in the archive of a folder, for whoever wants it as it is; `null`: there is no archive. */
export async function plainArchive(folder: string, signal: AbortSignal): Promise<Bytes | null> {
  signal.throwIfAborted()
  const path = join(folder, ARCHIVE)
  if (!(await statOf(path))) return null
  const plain = createZstdDecompress()
  // Told to whoever reads the end of it.
  pipeline(createReadStream(path), plain, { signal }).catch(() => undefined)
  return plain
}

/** The home of a folder, or its archive: both are its owner's. */
export const homeOrArchive = async (form: HomeForm, folder: string): Promise<HomeOwner> =>
  (await form.ownerIn(folder)) ?? (await lstat(join(folder, ARCHIVE)))

export function createLocalPacked({ folderOf, isOwn, form }: LocalPackedOptions): PackedHomes {
  const at = (home: HomeRef, name: string): string => join(folderOf(home), name)
  const homeAt = (home: HomeRef) => at(home, HOME_FOLDER)
  const archiveAt = (home: HomeRef) => at(home, ARCHIVE)

  async function discard(path: string): Promise<void> {
    await form.release(path)
    await deleteTree(path)
  }

  /** What a kill left on the way, there or back. */
  async function tidy(home: HomeRef): Promise<void> {
    for (const name of await readdir(folderOf(home))) if (LEFTOVER.test(name)) await discard(at(home, name))
  }

  /** The quick way first. What it cannot bring back, the other may. */
  async function readEitherWay(home: HomeRef, owner: HomeOwner): Promise<void> {
    const reading = { form, folder: folderOf(home), owner }
    await readArchive({ ...reading, hasLateModes: false }).catch(async () => {
      await tidy(home)
      await readArchive({ ...reading, hasLateModes: true })
    })
  }

  return {
    async pack(home, options) {
      if (!(await isOwn(home)) || !(await statOf(homeAt(home)))) return
      await tidy(home)
      const path = at(home, `packing-${randomUUID()}`)
      try {
        await writeArchive({ ...options, form, folder: folderOf(home), path })
        await options.confirm()
        await rename(path, archiveAt(home))
      } finally {
        await deleteTree(path)
      }
      await sync(folderOf(home))
      // Once more: from the name that the archive has now until the home has another, whoever comes has both, and takes the home.
      await options.confirm()
      const packed = at(home, `packed-${randomUUID()}`)
      await form.detach(folderOf(home))
      await rename(homeAt(home), packed)
      await deleteTree(packed)
    },

    async unpack(home) {
      if (!(await isOwn(home))) return
      const archive = await statOf(archiveAt(home))
      if (!archive) return
      await tidy(home)
      // An empty one was made where a home was looked for; any other is what counts.
      const isGone = await form.dropEmpty(folderOf(home))
      if (isGone) await readEitherWay(home, archive)
      await deleteTree(archiveAt(home))
      await tidy(home)
      await form.attach(folderOf(home))
    },

    async sizeOf(home) {
      if (!(await isOwn(home)) || (await statOf(homeAt(home)))) return null
      return (await statOf(archiveAt(home)))?.size ?? null
    },
  }
}
