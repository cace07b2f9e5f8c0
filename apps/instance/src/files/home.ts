/**
 * The walls of the home: turns what a person typed into a real path, and refuses what lies outside, by `..` and by
 * symbolic link. The top of the home is `~`, and `/` means the same.
 */
import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, join, posix, relative, sep } from 'node:path'
import { PlainError } from './plain-words.ts'

export interface Home {
  root: string
  /** Whether a real path is left out of listings. */
  hides(real: string): boolean
  /** Path below the home (`''` is its top) of what was typed in folder `cwd`. Throws a PlainError outside. */
  locate(cwd: string, typed: string): string
  /** Real path of something to read; every link is followed. Rejects with ENOENT, or a PlainError outside. */
  existing(located: string): Promise<string>
  /** Real path of the entry itself, to remove or rename it: the last link is not followed. */
  entry(located: string): Promise<string>
  /** Real path to write to: an existing file, links followed, or a new entry of a real folder. */
  target(located: string): Promise<string>
}

const OUTSIDE = 'is outside your home'

export async function openHome(path: string): Promise<Home> {
  const root = await realpath(path)
  const inside = (real: string, located: string) => {
    const way = relative(root, real)
    if (way === '..' || way.startsWith(`..${sep}`)) {
      throw new PlainError(`${show(located)} links to a place that ${OUTSIDE}.`)
    }
    return real
  }
  const existing = async (located: string) => inside(await realpath(join(root, located)), located)
  const entry = async (located: string) => {
    if (located === '') throw new PlainError('That is your home itself; it stays where it is.')
    return join(await existing(parentOf(located)), basename(located))
  }
  const target = async (located: string) => {
    const path = await entry(located)
    const found = await lstat(path).catch(() => null)
    if (!found?.isSymbolicLink()) return path
    // Writing through a dangling link would create whatever it names, wherever that is.
    return existing(located).catch((error) => {
      if (error instanceof PlainError) throw error
      throw new PlainError(`${show(located)} is a link that leads nowhere.`)
    })
  }
  return { root, hides: () => false, locate, existing, entry, target }
}

function locate(cwd: string, typed: string): string {
  if (typed.includes('\0')) throw new PlainError('A name cannot hold that character.')
  const fromTop = /^(~(?=\/|$)|\/)/.test(typed)
  const path = posix.normalize(fromTop ? typed.replace(/^~?\/*/, '') || '.' : posix.join(cwd || '.', typed))
  if (path === '..' || path.startsWith('../')) throw new PlainError(`${typed} ${OUTSIDE}.`)
  return path === '.' ? '' : path.replace(/\/$/, '')
}

/** How a located path is shown: `~`, `~/notes`. */
export const show = (located: string) => (located === '' ? '~' : `~/${located}`)

const parentOf = (located: string) => {
  const parent = dirname(located)
  return parent === '.' ? '' : parent
}
