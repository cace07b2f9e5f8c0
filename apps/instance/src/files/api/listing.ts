/** What is in a folder. 10,000 entries are one answer: their details are read in short bursts, between other work. */
import { lstatSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { RequestProblem } from '../../http/problem.ts'
import { entryOf, kindOf, versionOf } from './entries.ts'
import { nameOf } from './names.ts'
import { type Entry, LISTED_AT_MOST, type Listing, type Located } from './protocol.ts'
import type { Pin, Tree } from './tree.ts'

/** Entries per burst: a millisecond or two. */
const BURST = 200
/** Links that are looked through, beyond which they are told as links alone. */
const LINKS_AT_MOST = 1_000

export async function listFolder(tree: Tree, path: string): Promise<Listing> {
  await using folder = await tree.pin(path)
  const stats = await folder.stats()
  if (!stats.isDirectory()) throw new RequestProblem(415, `${path}: that is not a folder`)
  const all = (await readdir(folder.self, { encoding: 'buffer' })).map(nameOf)
  const names = all.filter((name) => !tree.hides(join(folder.path, name)))
  const entries: Entry[] = []
  for (let at = 0; at < Math.min(names.length, LISTED_AT_MOST); at += BURST) {
    entries.push(...readBurst(folder, names.slice(at, Math.min(at + BURST, LISTED_AT_MOST))))
    await setImmediate()
  }
  const links = entries.filter(({ kind }) => kind === 'link').slice(0, LINKS_AT_MOST)
  for (const link of links) link.leadsTo = await leadsTo(tree, join(folder.path, link.name))
  return { entries, version: versionOf(stats), isComplete: names.length <= LISTED_AT_MOST }
}

/** Through the open folder, so no name in the path can have been swapped. What went meanwhile is left out. */
function readBurst(folder: Pin, names: string[]): Entry[] {
  return names.flatMap((name) => {
    const stats = lstatSync(folder.at(name), { bigint: true, throwIfNoEntry: false })
    return stats ? [entryOf(name, stats)] : []
  })
}

export async function statPath(tree: Tree, path: string): Promise<Located> {
  if (path === '') {
    await using home = await tree.pin('')
    return { ...entryOf('', await home.stats()), path: '' }
  }
  await using spot = await tree.spot(path)
  if (tree.hides(spot.path)) throw new RequestProblem(403, 'This is private.')
  const stats = await spot.stats()
  if (!stats) throw new RequestProblem(404, `${path}: no such file or folder`)
  const entry = entryOf(spot.name, stats)
  if (entry.kind === 'link') entry.leadsTo = await leadsTo(tree, spot.path)
  return { ...entry, path: spot.path }
}

/** `null` for what is not there, outside, private or a circle. */
async function leadsTo(tree: Tree, path: string): Promise<'file' | 'folder' | 'other' | null> {
  try {
    await using end = await tree.pin(path)
    const kind = kindOf(await end.stats())
    return kind === 'link' ? 'other' : kind
  } catch {
    return null
  }
}

export const join = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)
