/**
 * Finds by name and by content. Every step waits for the disk and works through a small piece, so the computer answers
 * others meanwhile; time, results, entries and the size of a file are bounded.
 */
import { constants as flags } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { findLine } from './find-line.ts'
import { fold } from './fold.ts'
import type { SearchLine } from './protocol.ts'
import { isReserved } from './staging.ts'
import type { Tree } from './tree.ts'
import { type Step, walk } from './walk.ts'

export interface SearchOptions {
  query: string
  where: 'names' | 'contents'
  path: string
  signal: AbortSignal
  /** Milliseconds, monotonic. */
  clock: () => number
  limits?: SearchLimits
}

export interface SearchLimits {
  ms: number
  results: number
  entries: number
  /** Of a file, beyond which its content is not searched. */
  bytes: number
}

const LIMITS: SearchLimits = { ms: 20_000, results: 500, entries: 250_000, bytes: 8 * 1024 * 1024 }

export async function* search(tree: Tree, options: SearchOptions): AsyncGenerator<SearchLine> {
  const { where, path, signal, clock, limits = LIMITS } = options
  const query = fold(options.query)
  const started = clock()
  let searched = 0
  let results = 0
  let skipped = 0
  const done = (stoppedBy: 'results' | 'time' | 'entries' | null): SearchLine => {
    return { type: 'done', stoppedBy, searched, skipped }
  }
  await using top = await tree.pin(path)
  for await (const step of walk(tree, top.path, () => skipped++)) {
    if (signal.aborted) return
    // What is in the trash is found when it is asked for by its place.
    if (isReserved(step.path) && !isReserved(top.path)) continue
    if (clock() - started > limits.ms) return yield done('time')
    if (searched === limits.entries) return yield done('entries')
    searched++
    const found = where === 'names' ? inName(step, query) : await inContent(step, query, limits.bytes)
    if (found === 'skipped') skipped++
    else if (found) {
      yield found
      if (++results === limits.results) return yield done('results')
    }
  }
  yield done(null)
}

const inName = ({ name, path, kind }: Step, query: string): SearchLine | null =>
  fold(name).includes(query) ? { type: 'match', path, kind } : null

async function inContent(
  { folder, name, path, kind }: Step,
  query: string,
  largest: number,
): Promise<SearchLine | null | 'skipped'> {
  if (kind !== 'file') return null
  try {
    await using file = await open(folder.at(name), flags.O_RDONLY | flags.O_NOFOLLOW | flags.O_NONBLOCK)
    const stats = await file.stat()
    if (!stats.isFile() || stats.size > largest) return 'skipped'
    const found = await findLine(texts(file, stats.size), query)
    return found === 'binary' ? 'skipped' : found && { type: 'match', path, kind, ...found }
  } catch {
    // Gone meanwhile, or not to be read.
    return 'skipped'
  }
}

const PIECE = 64 * 1024

async function* texts(file: FileHandle, size: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(PIECE, size)))
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
