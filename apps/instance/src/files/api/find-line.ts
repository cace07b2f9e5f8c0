/** The first line of a text in which something is, piece by piece. */
import { StringDecoder } from 'node:string_decoder'
import { isBinary } from './content-type.ts'
import { fold } from './fold.ts'

/** Letters shown on each side of what was found. */
const AROUND = 80
/** A line without an end is cut here, with enough kept for what lies across the cut. */
const LONGEST_LINE = 256 * 1024

export interface Found {
  /** Counted from 1. */
  line: number
  text: string
}

/** `query` is folded already. Pieces are used up before the next is asked for. */
export async function findLine(
  pieces: AsyncIterable<Buffer>,
  query: string,
): Promise<Found | null | 'binary'> {
  const decoder = new StringDecoder('utf8')
  let line = 1
  let rest = ''
  for await (const piece of pieces) {
    if (isBinary(piece)) return 'binary'
    const text = rest + decoder.write(piece)
    const end = text.lastIndexOf('\n') + 1
    const found = findIn(text.slice(0, end), query, line)
    if (found) return found
    line += count(text, end)
    rest = text.slice(end)
    if (rest.length > LONGEST_LINE) {
      const early = findIn(rest, query, line)
      if (early) return early
      rest = rest.slice(-2 * query.length)
    }
  }
  return findIn(rest + decoder.end(), query, line)
}

function findIn(text: string, query: string, firstLine: number): Found | null {
  // Most texts do not have it, in any form: one look is enough for them.
  const folded = fold(text)
  const at = folded.indexOf(query)
  if (at < 0) return null
  const before = count(folded, at)
  const line = text.split('\n', before + 1)[before] ?? ''
  const column = at - (folded.lastIndexOf('\n', at - 1) + 1)
  return { line: firstLine + before, text: shorten(line, column, query.length) }
}

function shorten(line: string, column: number, length: number): string {
  const from = Math.max(0, column - AROUND)
  const to = column + length + AROUND
  const cut = line.slice(from, to).replace(/\r$/, '').toWellFormed()
  return `${from > 0 ? '…' : ''}${cut}${to < line.length ? '…' : ''}`
}

/** Line ends before a place. */
function count(text: string, before: number): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < before; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
