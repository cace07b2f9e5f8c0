/** What is told of one file or folder. */
import type { BigIntStats } from 'node:fs'
import type { Entry, Located } from './protocol.ts'
import type { Spot } from './tree.ts'

/**
 * Size, time and identity: a file that was written anew, in place or by replacement, has another one; one that was
 * renamed or made executable keeps it.
 */
export const versionOf = ({ ino, size, mtimeNs }: BigIntStats): string =>
  [ino, size, mtimeNs].map((number) => number.toString(36)).join('-')

export const kindOf = (
  stats: Pick<BigIntStats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>,
): Entry['kind'] =>
  stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other'

export function entryOf(name: string, stats: BigIntStats): Entry {
  return {
    name,
    kind: kindOf(stats),
    size: stats.isFile() ? Number(stats.size) : 0,
    modifiedAt: timeOf(stats.mtimeMs),
    version: versionOf(stats),
  }
}

/** Rejects with ENOENT where nothing is. */
export async function locatedAt(spot: Spot): Promise<Located> {
  const stats = await spot.stats()
  if (!stats) throw Object.assign(new Error('Nothing is there.'), { code: 'ENOENT' })
  return { ...entryOf(spot.name, stats), path: spot.path }
}

/** The last moment that a Date can hold: file systems have later ones. */
const LAST_MS = 8_640_000_000_000_000

const timeOf = (ms: bigint): string =>
  new Date(Math.max(-LAST_MS, Math.min(LAST_MS, Number(ms)))).toISOString()
