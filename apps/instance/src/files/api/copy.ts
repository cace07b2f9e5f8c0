/** Copies a file, a link as a link, or a folder with what is in it. Links are never followed. */

import { constants as flags } from 'node:fs'
import { chmod, copyFile, mkdir, open, readlink, symlink } from 'node:fs/promises'
import { RequestProblem } from '../../http/problem.ts'
import { kindOf } from './entries.ts'
import { rawPath } from './names.ts'
import { isReserved } from './staging.ts'
import type { Pin, Spot, Tree } from './tree.ts'
import { walk } from './walk.ts'

interface Goal {
  /** A folder of our own. */
  area: Pin
  name: string
  signal: AbortSignal
}

/** What is in it that is neither file, folder nor link is left out; a folder that cannot be read fails the whole. */
export async function copyTree(tree: Tree, source: Spot, { area, name, signal }: Goal): Promise<void> {
  const stats = await source.stats()
  const kind = stats ? kindOf(stats) : 'other'
  if (kind === 'file') return copyPlain(source.self, area.at(name))
  if (kind === 'link') return copyLink(source.self, area.at(name))
  const modes = new Map<string, number>()
  const goalOf = (path: string) => rawPath(`${area.at('')}${name}${path.slice(source.path.length)}`)
  const makeLike = async (from: Pin) => {
    await mkdir(goalOf(from.path), 0o700)
    modes.set(from.path, Number((await from.stats()).mode) & 0o7777)
  }
  await using top = await tree.pinExactly(source.path)
  await makeLike(top)
  const fail = (path: string): never => {
    throw new RequestProblem(403, `${path}: I am not allowed to read it`)
  }
  for await (const { folder, name: own, path, kind: kindBelow } of walk(tree, source.path, fail)) {
    signal.throwIfAborted()
    if (isReserved(path)) continue
    if (kindBelow === 'file') await copyPlain(folder.at(own), goalOf(path))
    if (kindBelow === 'link') await copyLink(folder.at(own), goalOf(path))
    if (kindBelow === 'folder') {
      await using below = await tree.pinExactly(path)
      await makeLike(below)
    }
  }
  // Last, and the deepest first: a folder that is read-only could not have been filled.
  for (const [path, mode] of [...modes].reverse()) await chmod(goalOf(path), mode)
}

async function copyPlain(from: string | Buffer, to: string | Buffer): Promise<void> {
  // Whatever has taken the file's place meanwhile is neither followed nor waited for.
  await using file = await open(from, flags.O_RDONLY | flags.O_NOFOLLOW | flags.O_NONBLOCK)
  const stats = await file.stat()
  if (!stats.isFile()) return
  await copyFile(process.platform === 'linux' ? `/proc/self/fd/${file.fd}` : from, to, flags.COPYFILE_EXCL)
  await chmod(to, stats.mode & 0o777)
}

async function copyLink(from: string | Buffer, to: string | Buffer): Promise<void> {
  await symlink(await readlink(from, { encoding: 'buffer' }), to)
}
