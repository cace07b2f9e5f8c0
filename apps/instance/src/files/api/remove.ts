/**
 * Deletes for good, trees of any depth too: a folder's own folders are moved up to where it lies before it goes, so no
 * path is ever longer than two names, and links are removed, never followed.
 */
import { randomUUID } from 'node:crypto'
import { constants as flags } from 'node:fs'
import { chmod, lstat, open, readdir, rename, rmdir, unlink } from 'node:fs/promises'
import { codeOf } from '../../http/problem.ts'
import type { Pin } from './tree.ts'

/** A program that keeps on writing into a folder cannot be raced for ever. */
const ROUNDS = 100

/** `name`: an entry of `area`, a folder of our own in which other names may appear meanwhile. Gone counts as done. */
export async function removeTree(area: Pin, name: string): Promise<void> {
  const pending = [name]
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const path = area.at(current)
    if (!(await isFolder(path))) await unlink(path).catch(ignoreMissing)
    else pending.push(...(await emptyAndRemove(area, path)))
  }
}

/** Names in `area` of the folders that were in it. */
async function emptyAndRemove(area: Pin, path: string | Buffer): Promise<string[]> {
  const freed: string[] = []
  // Programs that keep caches make their folders read-only; whoever owns them may change that.
  await chmod(path, 0o700).catch(() => undefined)
  for (let round = 1; ; round++) {
    await using folder = await open(path, flags.O_RDONLY | flags.O_DIRECTORY | flags.O_NOFOLLOW)
    const self = process.platform === 'linux' ? Buffer.from(`/proc/self/fd/${folder.fd}`) : Buffer.from(path)
    for (const found of await readdir(self, { encoding: 'buffer', withFileTypes: true })) {
      const entry = Buffer.concat([self, Buffer.from('/'), found.name])
      if (found.isDirectory()) {
        const moved = `gone-${randomUUID()}`
        await renameAnyway(entry, area.at(moved))
        freed.push(moved)
      } else await unlink(entry).catch(ignoreMissing)
    }
    try {
      await rmdir(path)
      return freed
    } catch (error) {
      if (codeOf(error) !== 'ENOTEMPTY' || round === ROUNDS) throw error
    }
  }
}

/** A folder that is read-only itself cannot go to another parent; its owner may make it writable for that moment. */
export async function renameAnyway(from: string | Buffer, to: string | Buffer): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    const found = codeOf(error) === 'EACCES' ? await lstat(from) : null
    if (!found?.isDirectory() || (found.mode & 0o200) !== 0) throw error
    await chmod(from, found.mode | 0o200)
    try {
      await rename(from, to)
    } catch (again) {
      await chmod(from, found.mode)
      throw again
    }
    await chmod(to, found.mode)
  }
}

const isFolder = (path: string | Buffer): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isDirectory(),
    (error) => {
      ignoreMissing(error)
      return false
    },
  )

const ignoreMissing = (error: unknown): void => {
  if (codeOf(error) !== 'ENOENT') throw error
}
