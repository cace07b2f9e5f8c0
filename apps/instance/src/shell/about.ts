/** What this computer is, and how much is kept on it. */
import type { Dirent } from 'node:fs'
import { lstat, opendir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { About } from './protocol.ts'

export interface AboutOptions {
  root: string
  handle: string
  displayName: string
  image: string | null
}

/** Enough for a home of everyday; a larger one is said to be more than what was counted. */
const MOST_ENTRIES = 50_000

export async function describeComputer(options: AboutOptions): Promise<About> {
  const { root, handle, displayName, image } = options
  const [home, freeBytes] = await Promise.all([measure(root), freeOn(root)])
  return { handle, displayName, image, node: process.versions.node, home, freeBytes }
}

/** Bytes on the disk, as `du` counts them; links are not followed, and what cannot be read is left out. */
export async function measure(root: string, most = MOST_ENTRIES): Promise<About['home']> {
  const folders = [root]
  let [bytes, left] = [0, most]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const entry of entriesOf(folder)) {
      if (left-- <= 0) return { bytes, isWhole: false }
      const path = join(folder, entry.name)
      if (entry.isDirectory()) folders.push(path)
      else
        bytes += await lstat(path).then(
          ({ blocks }) => blocks * 512,
          () => 0,
        )
    }
  }
  return { bytes, isWhole: true }
}

async function* entriesOf(folder: string): AsyncGenerator<Dirent> {
  try {
    yield* await opendir(folder)
  } catch {
    // Gone meanwhile, or not to be read.
  }
}

const freeOn = (path: string): Promise<number | null> =>
  statfs(path).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  )
