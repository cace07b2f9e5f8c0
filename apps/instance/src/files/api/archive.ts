/**
 * A folder, or several entries of one, as a .zip that is made while it is sent: one file at a time, with flat memory.
 * Links are left out, and whatever is neither file nor folder.
 */
import { constants as flags } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { kindOf } from './entries.ts'
import { join } from './listing.ts'
import { FilesProblem } from './problem.ts'
import { isReserved } from './staging.ts'
import type { Tree } from './tree.ts'
import { walk } from './walk.ts'

/** What the list at the end of the archive would need memory for. */
const ENTRIES_AT_MOST = 100_000
/** Compressed, a file may become a little larger than it was. */
const LARGEST_WITHOUT_ZIP64 = 4_000_000_000
/** These hardly become smaller. */
const PACKED =
  /\.(png|jpe?g|gif|webp|avif|mp[34]|m4[av]|og[gav]|opus|webm|mov|flac|zip|gz|xz|zst|bz2|7z|br|woff2?|pdf)$/i

export interface Archive {
  /** Of the file, without its ending. */
  name: string
  stream: NodeJS.ReadableStream
  /** Resolves when everything was handed over; rejects when it cannot be completed, or was aborted. */
  done: Promise<void>
}

/** Rejects with a FilesProblem before anything is sent. */
export async function archive(tree: Tree, paths: readonly string[], signal: AbortSignal): Promise<Archive> {
  const chosen = await Promise.all(paths.map((path) => describe(tree, path)))
  const [first] = chosen
  if (!first) throw new FilesProblem(400, 'Say what to put into the archive.')
  let entries = 0
  for (const { path, kind } of chosen) {
    if (kind !== 'folder') continue
    for await (const step of walk(tree, path)) {
      if (!isLeftOut(step.path, path)) entries++
      if (entries > ENTRIES_AT_MOST)
        throw new FilesProblem(413, 'That is too much for one archive: take its folders one by one.')
      if (signal.aborted) break
    }
  }
  const zip = new ZipFile()
  return {
    name: chosen.length === 1 ? first.name || 'home' : 'files',
    stream: zip.outputStream,
    done: fill(zip, tree, chosen, signal),
  }
}

interface Chosen {
  /** Without links. */
  path: string
  name: string
  kind: 'file' | 'folder'
}

async function describe(tree: Tree, asked: string): Promise<Chosen> {
  await using pin = await tree.pin(asked)
  const kind = kindOf(await pin.stats())
  if (kind !== 'file' && kind !== 'folder')
    throw new FilesProblem(415, `${asked}: that is neither a file nor a folder`)
  return { path: pin.path, name: pin.path.slice(pin.path.lastIndexOf('/') + 1), kind }
}

const isLeftOut = (path: string, top: string): boolean => isReserved(path) && !isReserved(top)

async function fill(zip: ZipFile, tree: Tree, chosen: Chosen[], signal: AbortSignal): Promise<void> {
  const failed = new Promise<never>((_, reject) => zip.on('error', reject))
  failed.catch(() => undefined)
  for (const { path, name, kind } of chosen) {
    if (kind === 'file') {
      await using spot = await tree.spot(path)
      await Promise.race([failed, addFile(zip, spot.self, name, signal)])
      continue
    }
    for await (const step of walk(tree, path)) {
      signal.throwIfAborted()
      if (isLeftOut(step.path, path)) continue
      const inside = join(name, step.path.slice(path === '' ? 0 : path.length + 1))
      if (step.kind === 'folder') zip.addEmptyDirectory(nameInZip(inside))
      if (step.kind === 'file') {
        await Promise.race([failed, addFile(zip, step.folder.at(step.name), inside, signal)])
      }
    }
  }
  zip.end()
}

/** Resolves when the file was read; one that is gone, or not to be read, is left out. */
async function addFile(
  zip: ZipFile,
  path: string | Buffer,
  inside: string,
  signal: AbortSignal,
): Promise<void> {
  const file = await open(path, flags.O_RDONLY | flags.O_NOFOLLOW | flags.O_NONBLOCK).catch(() => null)
  if (!file) return
  const stats = await file.stat()
  if (!stats.isFile()) return file.close()
  // Not beyond the size of now: a log that grows would never end.
  const source = stats.size > 0 ? file.createReadStream({ end: stats.size - 1, signal }) : Readable.from([])
  const through = new Promise<void>((resolve, reject) => source.once('close', resolve).once('error', reject))
  zip.addReadStream(source, nameInZip(inside), {
    mtime: stats.mtime,
    mode: stats.mode,
    compress: !PACKED.test(inside),
    forceZip64Format: stats.size > LARGEST_WITHOUT_ZIP64,
  })
  await through
  if (stats.size === 0) await file.close()
}

/** What programs on other systems would take for a folder or a drive. */
const nameInZip = (path: string): string => path.replaceAll('\\', '_').replace(/^([a-z]):/i, '$1_')
