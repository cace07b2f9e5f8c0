/** Sends a file: whole or in part, with flat memory whatever its size. */
import type { FileHandle } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import parseRange from 'range-parser'
import { isFresh } from '../../http/encoding.ts'
import { RequestProblem } from '../../http/problem.ts'
import { contentTypeOf, dispositionOf, policyOf } from './content-type.ts'
import { versionOf } from './entries.ts'
import { openToRead, type Tree } from './tree.ts'

/** Bytes read at once. */
const PIECE = 256 * 1024
/** By which a text is told from anything else. */
const START = 8_000

interface Sending {
  path: string
  isDownload: boolean
  request: IncomingMessage
  response: ServerResponse
}

/** Rejects before anything was sent; a failure on the way cuts the connection, so that a part never passes for all. */
export async function sendContent(
  tree: Tree,
  { path, isDownload, request, response }: Sending,
): Promise<void> {
  await using pin = await tree.pin(path)
  const kind = await pin.stats()
  if (kind.isDirectory()) throw new RequestProblem(415, `${path}: that is a folder`)
  if (!kind.isFile()) throw new RequestProblem(415, `${path}: that is not a file`)
  await using file = await openToRead(pin)
  const stats = await file.stat({ bigint: true })
  const size = Number(stats.size)
  const etag = `"${versionOf(stats)}"`
  const name = path.slice(path.lastIndexOf('/') + 1)
  const start = await file.read(Buffer.alloc(Math.min(START, size)), 0, Math.min(START, size), 0)
  const type = contentTypeOf(name, start.buffer.subarray(0, start.bytesRead))
  const isAttachment = isDownload || type === 'application/octet-stream'
  const headers = {
    'content-type': type,
    'content-disposition': dispositionOf(isAttachment ? 'attachment' : 'inline', name),
    'content-security-policy': policyOf(type),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
    'last-modified': new Date(Number(stats.mtimeMs)).toUTCString(),
    etag,
  }
  if (isFresh(request.headers['if-none-match'], etag)) return void response.writeHead(304, headers).end()
  const part = partOf(request, size, etag)
  if (part === 'none') {
    return void response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` }).end()
  }
  const { first, last } = part ?? { first: 0, last: size - 1 }
  response.writeHead(part ? 206 : 200, {
    ...headers,
    'content-length': last - first + 1,
    ...(part ? { 'content-range': `bytes ${first}-${last}/${size}` } : {}),
  })
  if (request.method === 'HEAD') return void response.end()
  await sendPieces(file, response, first, last).catch(() => response.destroy())
}

/** `null`: all of it. Several parts at once are not worth their format: all of it, too. */
export function partOf(
  { headers }: IncomingMessage,
  size: number,
  etag: string,
): { first: number; last: number } | 'none' | null {
  const { range } = headers
  const condition = headers['if-range']
  if (range === undefined || (condition !== undefined && condition !== etag)) return null
  const ranges = parseRange(size, range)
  if (ranges === -1) return 'none'
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return null
  const [{ start, end } = { start: 0, end: size - 1 }] = ranges
  return { first: start, last: end }
}

/**
 * Exactly these bytes; throws when the file has become shorter than it was. One piece is read, sent and used again: the
 * memory for a large file is that of a small one.
 */
export async function sendPieces(
  file: FileHandle,
  response: ServerResponse,
  first: number,
  last: number,
): Promise<void> {
  const piece = Buffer.allocUnsafeSlow(Math.min(PIECE, Math.max(last - first + 1, 0)))
  for (let at = first; at <= last; ) {
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, last - at + 1), at)
    if (bytesRead === 0) throw new Error('The file became shorter while it was sent.')
    at += bytesRead
    await sent(response, piece.subarray(0, bytesRead))
  }
  response.end()
}

/** Resolves when the piece has left; rejects when the client has. */
function sent(response: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(new Error('The client has left.'))
    response.once('close', leave)
    response.write(piece, (error) => {
      response.off('close', leave)
      if (error) reject(error)
      else resolve()
    })
  })
}
