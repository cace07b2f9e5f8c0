/**
 * The home as open files. A path is opened without reading (`O_PATH`: no FIFO can hold it up, no device notices), the
 * kernel is asked where that really is, and whatever is then done goes through the open file: between the check and
 * the use, nobody can put a link in its place. Where there is no `/proc` (macOS), real paths have to do.
 */
import { type BigIntStats, existsSync, constants as flags } from 'node:fs'
import { type FileHandle, lstat, open, readlink, realpath, stat } from 'node:fs/promises'
import { RequestProblem } from '../../http/problem.ts'
import { bytesOf, nameOf, rawPath } from './names.ts'

/** Not among Node's constants; the same on every architecture that Node 24 runs on. */
const O_PATH = 0o10000000
const HAS_PROC = process.platform === 'linux' && existsSync('/proc/self/fd')

/** One file or folder, held open. */
export interface Pin extends AsyncDisposable {
  /** Its path below the home, without links. */
  path: string
  /** Reaches exactly this in any system call. */
  self: string | Buffer
  /** Reaches an entry of this folder. */
  at(name: string): string | Buffer
  stats(): Promise<BigIntStats>
}

export interface Spot extends AsyncDisposable {
  folder: Pin
  name: string
  /** Of the entry itself, below the home. */
  path: string
  /** For system calls that follow no link. */
  self: string | Buffer
  /** `null`: nothing is there. */
  stats(): Promise<BigIntStats | null>
}

export interface Tree {
  /** What is at a path, links within the home followed. Rejects with ENOENT, or a RequestProblem outside. */
  pin(path: string): Promise<Pin>
  /** The same, but ENOENT where a link is anywhere in the path. */
  pinExactly(path: string): Promise<Pin>
  /** An entry of a folder, there or not: a link in the last place is not followed. */
  spot(path: string): Promise<Spot>
  hides(path: string): boolean
}

export interface TreeOptions {
  /** A real path. */
  root: string
  /** Whether a real path is kept from whoever asks. */
  hides?: (real: string) => boolean
  hasProc?: boolean
}

export function openTree({ root, hides = () => false, hasProc = HAS_PROC }: TreeOptions): Tree {
  const rootBytes = bytesOf(root)
  const absolute = (path: string) => (path === '' ? root : `${root}/${path}`)

  /** Throws where a real path lies outside, or is private. */
  const below = (real: Buffer, asked: string): string => {
    const isRoot = real.equals(rootBytes)
    const isBelow = real[rootBytes.length] === 0x2f && real.subarray(0, rootBytes.length).equals(rootBytes)
    if (!isRoot && !isBelow) {
      throw new RequestProblem(403, `${asked} links to a place that is outside your home.`)
    }
    const path = nameOf(real.subarray(rootBytes.length + 1))
    if (hides(absolute(path))) throw new RequestProblem(403, 'This is private.')
    return path
  }

  const pin = async (asked: string): Promise<Pin> => {
    checkPath(asked)
    const path = rawPath(absolute(asked))
    if (!hasProc) return pinByName(await realpath(path, { encoding: 'buffer' }), asked)
    const handle = await open(path, O_PATH)
    try {
      const self = `/proc/self/fd/${handle.fd}`
      return pinned(handle, self, below(await readlink(self, { encoding: 'buffer' }), asked))
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  const pinByName = (real: Buffer, asked: string): Pin => ({
    path: below(real, asked),
    self: real,
    at: (name) => Buffer.concat([real, Buffer.from('/'), bytesOf(name)]),
    stats: () => stat(real, { bigint: true }),
    [Symbol.asyncDispose]: async () => {},
  })

  return {
    pin,
    hides: (path) => hides(absolute(path)),
    async pinExactly(path) {
      const found = await pin(path)
      if (found.path === path) return found
      await found[Symbol.asyncDispose]()
      throw Object.assign(new Error('There is a link in the way.'), { code: 'ENOENT' })
    },
    async spot(path) {
      checkPath(path)
      if (path === '') throw new RequestProblem(403, 'That is your home itself; it stays where it is.')
      const cut = path.lastIndexOf('/')
      const name = path.slice(cut + 1)
      const folder = await pin(path.slice(0, Math.max(cut, 0)))
      const self = folder.at(name)
      return {
        folder,
        name,
        path: folder.path === '' ? name : `${folder.path}/${name}`,
        self,
        stats: () => lstat(self, { bigint: true }).catch(nothing),
        [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
      }
    },
  }
}

function pinned(handle: FileHandle, self: string, path: string): Pin {
  return {
    path,
    self,
    at: (name) => rawPath(`${self}/${name}`),
    stats: () => handle.stat({ bigint: true }),
    [Symbol.asyncDispose]: () => handle.close(),
  }
}

/** Paths come from outside: each part has to be the name of an entry. */
function checkPath(path: string): void {
  if (path.includes('\0') || !path.isWellFormed()) {
    throw new RequestProblem(400, 'A name cannot hold that character.')
  }
  if (path !== '' && path.split('/').some((part) => ['', '.', '..'].includes(part))) {
    throw new RequestProblem(400, 'That is not a path within your home.')
  }
}

const nothing = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null
  throw error
}

/** Opens a pinned file to read it: at once, whatever it turns out to be. */
export const openToRead = ({ self }: Pin): Promise<FileHandle> =>
  open(self, flags.O_RDONLY | flags.O_NONBLOCK | flags.O_NOCTTY)
