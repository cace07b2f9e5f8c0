/** What is in the home now, for whoever judges a command before it runs. */
import { lstatSync, opendirSync, readFileSync, realpathSync } from 'node:fs'
import { posix } from 'node:path'

export interface Entry {
  name: string
  /** Itself, not what a link leads to. */
  isFolder: boolean
}

/** Paths are absolute, and may hold `..`: what that is, links decide. */
export interface Disk {
  isThere: (path: string) => boolean
  /** Where the system gets to, or would, once it is made; `null`: to where a link to nothing leads, which nobody knows. */
  real: (path: string) => string | null
  /** `null`: more than is looked through. Empty for what is no folder. */
  list: (folder: string) => readonly Entry[] | null
  /** Whether git in that folder runs no other program to show something. */
  isPlainGit: (folder: string) => boolean
}

const LONGEST_PATH = 4_096
/** Back from what is not there. */
const MOST_STEPS = 8
const MOST_ENTRIES = 10_000
const LARGEST_CONFIG = 64 * 1024
/** Keys of git's settings that name programs for what it shows, or other files with such keys. */
const NAMES_PROGRAM = /external|textconv|filter|clean|process|program|include|worktreeconfig/i

export const disk: Disk = { isThere, real, list, isPlainGit }

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    // A file where a folder should be.
    return false
  }
}

function real(path: string, steps = MOST_STEPS): string | null {
  if (path.length > LONGEST_PATH || steps === 0) return null
  const parts = path.split('/').filter((part) => part !== '')
  for (let count = parts.length; count > 0; count--) {
    const there = `/${parts.slice(0, count).join('/')}`
    const rest = parts.slice(count)
    try {
      // By the system: what `..` is, it decides after following links.
      const found = realpathSync.native(there)
      const back = rest.indexOf('..')
      if (back < 0) return posix.join(found, ...rest)
      // What is not there yet will be a folder: a step back from it leads to where it is.
      const before = back === 0 ? posix.dirname(found) : [found, ...rest.slice(0, back - 1)].join('/')
      return real([before, ...rest.slice(back + 1)].join('/'), steps - 1)
    } catch {
      if (isLink(there)) return null
    }
  }
  return '/'
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

function list(folder: string): Entry[] | null {
  const entries: Entry[] = []
  try {
    using opened = opendirSync(folder)
    for (let entry = opened.readSync(); entry; entry = opened.readSync()) {
      entries.push({ name: entry.name, isFolder: entry.isDirectory() })
      if (entries.length > MOST_ENTRIES) return null
    }
  } catch {
    // Not there, or no folder.
  }
  return entries
}

function isPlainGit(folder: string): boolean {
  for (let at = real(folder) ?? '/'; at !== '/'; at = posix.dirname(at)) {
    const own = `${at}/.git`
    const stats = lstatSync(own, { throwIfNoEntry: false })
    if (stats) return stats.isDirectory() && namesNoProgram(`${own}/config`)
  }
  return true
}

function namesNoProgram(config: string): boolean {
  try {
    const stats = lstatSync(config, { throwIfNoEntry: false })
    if (!stats) return true
    return (
      stats.isFile() &&
      stats.size <= LARGEST_CONFIG &&
      !NAMES_PROGRAM.test(readFileSync(config, { encoding: 'utf8' }))
    )
  } catch {
    return false
  }
}
