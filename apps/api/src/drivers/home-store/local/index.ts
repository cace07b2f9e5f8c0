/**
 * Homes on this machine, each in the form that it is given: `<instancesDir>/<handle>/matrixos`, with a note beside it
 * that says whose it is.
 */
import { randomUUID } from 'node:crypto'
import { link, lstat, mkdir, readdir, rm, statfs, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isMissing, readIfThere } from '@matrixos/host/files'
import { idSchema } from '@matrixos/shared'
import { AppError } from '../../../errors.ts'
import type {
  CopyOptions,
  HomeOwner,
  HomeRef,
  HomeSpace,
  HomeStorage,
  HomeStore,
} from '../../../ports/home-store.ts'
import type { PackedHomes } from '../../../ports/packed-homes.ts'
import type { HomeForm } from '../form.ts'
import { createAside } from './aside.ts'
import { copyHome } from './copy.ts'
import { createFolderForm } from './folder-form.ts'
import { isOnDisarmedMount } from './mount-flags.ts'
import { createLocalPacked } from './packed.ts'
import { createLocalTransfer } from './transfer.ts'
import { disarmTree, giveTree } from './tree.ts'

const OWNER_FILE = 'instance-id'
/** Names that lead nowhere else. Handles given before the present rule was are among them: their homes must go, too. */
const FOLDER_NAME = /^[a-z][a-z0-9-]*$/

export interface LocalHomesOptions {
  instancesDir: string
  /** Default: folders. */
  form?: HomeForm
}

/** Writes the text unless the file is there; returns what the file says then. Of simultaneous claims one wins. */
async function claim(path: string, text: string): Promise<string | null> {
  const current = await readIfThere(path)
  if (current !== null) return current
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, text)
  // A link, unlike a rename, fails where somebody was faster.
  await link(draft, path).catch(() => undefined)
  await rm(draft)
  return await readIfThere(path)
}

/** A process that was killed in the middle of a claim leaves its draft, whole or in part. Those of others stay. */
async function removeDrafts(path: string, text: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => [])
  for (const name of names.filter((each) => each.startsWith(`${basename(path)}.`))) {
    const draft = join(dirname(path), name)
    const written = await readIfThere(draft)
    if (written !== null && text.startsWith(written)) await rm(draft, { force: true })
  }
}

/** For the operator: the owner is shown no path of the server. */
const forOperator = (text: string, cause?: unknown): Error => new Error(text, { cause })

/** What is not an AppError yet becomes one with this message; `fix` is for the operator. */
async function told<T>(message: string, fix: string, work: () => Promise<T>): Promise<T> {
  return await work().catch((error: unknown) => {
    if (error instanceof AppError) throw error
    throw new AppError('internal', message, { cause: forOperator(fix, error) })
  })
}

/** What could not be packed, as its owner is told. */
function toldPacked(packed: PackedHomes, fix: { readable: string; writable: string }): PackedHomes {
  return {
    ...packed,
    pack: (home, options) =>
      told('The files of this computer could not be packed. Retrying automatically.', fix.readable, () =>
        packed.pack(home, options),
      ),
    unpack: (home) =>
      told(
        'Your files could not be unpacked yet. Nothing is lost: retrying automatically.',
        fix.writable,
        () => packed.unpack(home),
      ),
  }
}

async function attachedIn(instancesDir: string, form: HomeForm): Promise<HomeRef[]> {
  const homes = await Promise.all(
    (await form.attachedIn(instancesDir)).map(async (folder) => ({
      handle: basename(folder),
      id: idSchema('ins').safeParse(await readIfThere(join(folder, OWNER_FILE))),
    })),
  )
  return homes.flatMap(({ handle, id }) =>
    id.success && FOLDER_NAME.test(handle) ? [{ handle, id: id.data }] : [],
  )
}

/** Before the first home is made, its folder is not there: then the one that it will be in counts. */
async function spaceIn(instancesDir: string): Promise<HomeSpace> {
  const found = await statfs(instancesDir).catch((error: unknown) => {
    if (isMissing(error)) return statfs(dirname(instancesDir))
    throw error
  })
  const freeBytes = found.bavail * found.bsize
  return {
    freeBytes,
    totalBytes: found.blocks * found.bsize,
    freeInodes: found.files > 0 ? found.ffree : null,
  }
}

const homeMissing = (path: string): AppError =>
  new AppError('conflict', 'The home folder of this instance is missing on the host.', {
    cause: forOperator(`${path} is missing.`),
  })

export function createLocalHomes(options: LocalHomesOptions): HomeStore {
  const instancesDir = resolve(options.instancesDir)
  const form = options.form ?? createFolderForm()
  const facts = { name: form.name, enforces: form.enforces, check: form.check }
  // Only root can give files away: without it, no home can hold root's setuid files, nor could they be removed.
  const isRoot = process.getuid?.() === 0

  /** Folder of one instance. Handles come from the database, but a path is made of them: checked again. */
  function folderOf({ handle }: HomeRef): string {
    if (!FOLDER_NAME.test(handle)) throw new AppError('internal', `Not a handle: ${handle}`)
    return join(instancesDir, handle)
  }

  const pathOf = (home: HomeRef): string => form.filesIn(folderOf(home))
  const ownerOf = (home: HomeRef) => readIfThere(join(folderOf(home), OWNER_FILE))

  function refuseOther(home: HomeRef, owner: string | null): void {
    if (owner === home.id) return
    throw new AppError('conflict', 'The folder of this handle belongs to another instance.', {
      cause: forOperator(`${folderOf(home)} says that it belongs to ${owner}, not to ${home.id}.`),
    })
  }

  async function claimFolder(home: HomeRef): Promise<void> {
    await mkdir(folderOf(home), { recursive: true, mode: 0o711 })
    refuseOther(home, await claim(join(folderOf(home), OWNER_FILE), home.id))
  }

  /** An unmarked folder (restored by hand) becomes this instance's. */
  async function make(home: HomeRef): Promise<void> {
    await claimFolder(home)
    await form.make(folderOf(home))
  }

  async function copy(from: HomeRef, to: HomeRef, copying: CopyOptions): Promise<void> {
    refuseOther(from, await ownerOf(from))
    await claimFolder(to)
    await copyHome({ ...copying, form, from: folderOf(from), to: folderOf(to) })
  }

  /** An unmarked folder becomes this instance's here as well. */
  async function attach(home: HomeRef, storage?: HomeStorage): Promise<void> {
    const owner = await claim(join(folderOf(home), OWNER_FILE), home.id).catch((error: unknown) => {
      throw isMissing(error) ? homeMissing(pathOf(home)) : error
    })
    refuseOther(home, owner)
    await form.attach(folderOf(home), storage)
  }

  async function detach(home: HomeRef): Promise<void> {
    if ((await ownerOf(home)) === home.id) await form.detach(folderOf(home))
  }

  async function give(home: HomeRef, owner: HomeOwner): Promise<void> {
    if ((await ownerOf(home)) === home.id) await form.attach(folderOf(home))
    const found = await lstat(pathOf(home)).catch((error: unknown) => {
      if (!isMissing(error)) throw error
      throw homeMissing(pathOf(home))
    })
    refuseOther(home, await ownerOf(home))
    if (isRoot && found.uid !== owner.uid) await giveTree(pathOf(home), owner)
  }

  async function disarm(home: HomeRef): Promise<void> {
    if (!isRoot) return
    try {
      if (!(await isOnDisarmedMount(pathOf(home)))) await disarmTree(pathOf(home))
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }

  async function measure(home: HomeRef): Promise<number | null> {
    if ((await ownerOf(home)) !== home.id) return null
    return (await form.measure(folderOf(home))) ?? (await packed.sizeOf(home))
  }

  const fill = async (home: HomeRef) =>
    (await ownerOf(home)) === home.id ? await form.fill(folderOf(home)) : null

  const { remove, setAside } = createAside({
    ...{ instancesDir, folderOf, ownerOf, form },
    removeDrafts: (home) => removeDrafts(join(folderOf(home), OWNER_FILE), home.id),
  })
  const writable = `The api must be able to write in ${instancesDir}, and the disk must not be full.`
  const deletable = `The api must be able to delete files in ${instancesDir}: run it as root, or give that folder to its user.`
  const readable = `The api must be able to read everything in ${instancesDir}.`
  const packed = createLocalPacked({
    ...{ folderOf, form },
    isOwn: async (home) => {
      const owner = await ownerOf(home)
      if (owner !== null) refuseOther(home, owner)
      return owner !== null
    },
  })
  return {
    ...facts,
    transfer: createLocalTransfer({
      ...{ folderOf, form },
      requireOwn: async (home) => refuseOther(home, await ownerOf(home)),
    }),
    packed: toldPacked(packed, { readable, writable }),
    pathOf,
    make: (home) =>
      told(`The home of ${home.handle} could not be created. Retrying automatically.`, writable, () =>
        make(home),
      ),
    attach: (home, storage) =>
      told(`The home of ${home.handle} could not be prepared. Retrying automatically.`, writable, () =>
        attach(home, storage),
      ),
    detach: (home) => told('The files of this computer could not be put away.', writable, () => detach(home)),
    attached: () =>
      told('The homes that are in use could not be listed.', readable, () => attachedIn(instancesDir, form)),
    give: (home, owner) =>
      told(`The home of ${home.handle} could not be prepared. Retrying automatically.`, writable, () =>
        give(home, owner),
      ),
    disarm: (home) =>
      told('The files of this computer could not be checked after it stopped.', readable, () => disarm(home)),
    measure: (home) =>
      told('The files of this computer could not be measured.', readable, () => measure(home)),
    fill: (home) => told('The files of this computer could not be measured.', readable, () => fill(home)),
    space: () => told('The free space could not be read.', readable, () => spaceIn(instancesDir)),
    ownerOf: (home) => told('The home of this computer could not be read.', readable, () => ownerOf(home)),
    copy: (from, to, copying) =>
      told('The files of this computer could not be copied.', writable, () => copy(from, to, copying)),
    setAside: (home) =>
      told(`The home of ${home.handle} could not be created. Retrying automatically.`, writable, () =>
        setAside(home),
      ),
    remove: (home) =>
      told('Not all files could be deleted yet. Retrying automatically.', deletable, () => remove(home)),
  }
}
