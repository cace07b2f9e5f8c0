/**
 * A folder, or several entries of one, as a .zip that is made while it is sent: one file at a time, with flat memory.
 * Links are left out, and whatever is neither file nor folder.
 */
import { constants as flags } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { RequestProblem } from '../../http/problem.ts'
import { kindOf } from './entries.ts'
import { join } from './listing.ts'
import { isReserved } from './staging.ts'
import type { Tree } from './tree.ts'
import { walk } from './walk.ts'
import { createZip, type Zip } from './zip.ts'

/** What the list at the end of the archive would need memory for. */
const ENTRIES_AT_MOST = 100_000
/** Compressed in one go, in a millisecond or two; what is larger, piece by piece. */
const IN_MEMORY = 64 * 1024
/** These hardly become smaller. */
const PACKED =
  /\.(png|jpe?g|gif|webp|avif|mp[34]|m4[av]|og[gav]|opus|webm|mov|flac|zip|gz|xz|zst|bz2|7z|br|woff2?|pdf)$/i

export interface Archive {
  /** Of the file, without its ending. */
  name: string
  /** Rejects when it cannot be completed, or was aborted. `write` resolves when more may come. */
  send(write: (bytes: Buffer) => Promise<void>): Promise<void>
}

/** Rejects with a RequestProblem before anything is sent. */
export async function archive(tree: Tree, paths: readonly string[], signal: AbortSignal): Promise<Archive> {
  const chosen = await Promise.all(paths.map((path) => describe(tree, path)))
  const [first] = chosen
  if (!first) throw new RequestProblem(400, 'Say what to put into the archive.')
  let entries = 0
  for (const { path, kind } of chosen) {
    if (kind !== 'folder') continue
    for await (const step of walk(tree, path)) {
      if (signal.aborted) break
      if (!isLeftOut(step.path, path)) entries++
      if (entries > ENTRIES_AT_MOST) {
        throw new RequestProblem(413, 'That is too much for one archive: take its folders one by one.')
      }
    }
  }
  return {
    name: chosen.length === 1 ? first.name || 'home' : 'files',
    send: (write) => fill(createZip(write), tree, chosen, signal),
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
    throw new RequestProblem(415, `${asked}: that is neither a file nor a folder`)
  return { path: pin.path, name: pin.path.slice(pin.path.lastIndexOf('/') + 1), kind }
}

const isLeftOut = (path: string, top: string): boolean => isReserved(path) && !isReserved(top)

async function fill(zip: Zip, tree: Tree, chosen: Chosen[], signal: AbortSignal): Promise<void> {
  for (const { path, name, kind } of chosen) {
    if (kind === 'file') {
      await using spot = await tree.spot(path)
      await addFile(zip, spot.self, name, signal)
      continue
    }
    for await (const step of walk(tree, path)) {
      signal.throwIfAborted()
      if (isLeftOut(step.path, path)) continue
      const inside = join(name, step.path.slice(path === '' ? 0 : path.length + 1))
      if (step.kind === 'folder') await addFolder(zip, step.folder.at(step.name), inside)
      if (step.kind === 'file') await addFile(zip, step.folder.at(step.name), inside, signal)
    }
  }
  await zip.end()
}

async function addFolder(zip: Zip, path: string | Buffer, inside: string): Promise<void> {
  const stats = await lstat(path).catch(() => null)
  if (!stats?.isDirectory()) return
  await zip.folder({ name: nameInZip(inside), modifiedAt: stats.mtime, mode: stats.mode })
}

/** One that is gone, or not to be read, is left out. */
async function addFile(zip: Zip, path: string | Buffer, inside: string, signal: AbortSignal): Promise<void> {
  const opened = await open(path, flags.O_RDONLY | flags.O_NOFOLLOW | flags.O_NONBLOCK).catch(() => null)
  if (!opened) return
  await using file = opened
  const stats = await file.stat()
  if (!stats.isFile()) return
  const entry = { name: nameInZip(inside), modifiedAt: stats.mtime, mode: stats.mode }
  // Not beyond the size of now: a log that grows would never end.
  if (stats.size <= IN_MEMORY) {
    const content = Buffer.allocUnsafe(stats.size)
    const { bytesRead } = await file.read(content, 0, stats.size, 0)
    return await zip.file(entry, content.subarray(0, bytesRead))
  }
  const source = file.createReadStream({ end: stats.size - 1, autoClose: false, signal })
  // Whoever reads it is told as well. A client that leaves before that must not be the end of the computer.
  source.on('error', () => undefined)
  await zip.stream(entry, source, { size: stats.size, isPacked: PACKED.test(inside) })
}

/** What programs on other systems would take for a folder or a drive. */
const nameInZip = (path: string): string => path.replaceAll('\\', '_').replace(/^([a-z]):/i, '$1_')
