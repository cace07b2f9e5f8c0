import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { UPLOAD_CHUNK_BYTES } from '@matrixos/shared'
import { expect, it, vi } from 'vitest'
import { importHome } from './transfer.ts'

const MANIFEST = {
  ...{ format: 'matrixos-home', version: 1, handle: 'ada', displayName: 'Ada', platform: '1' },
  exportedAt: '2025-03-01T12:00:00.000Z',
}
const DONE = {
  import: { status: 'done', doneBytes: 1, totalBytes: 1, message: null, manifest: MANIFEST },
  ...{ export: null, earlierSince: null, earlierDays: 7 },
}

/** The private socket of a platform, as far as an import goes. */
async function platform() {
  const folder = await mkdtemp(join(tmpdir(), 'mosa-'))
  const pieces: Buffer[] = []
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const url = request.url ?? ''
    const data = url.includes('.begin')
      ? { uploadId: 'a'.repeat(32) }
      : url.includes('.state')
        ? DONE
        : { ok: true }
    if (request.method === 'PUT') {
      pieces.push(body)
      response.end(JSON.stringify({ received: pieces.reduce((sum, { length }) => sum + length, 0) }))
    } else response.end(JSON.stringify({ result: { data } }))
  })
  const socketPath = join(folder, 'api.sock')
  await once(server.listen(socketPath), 'listening')
  return {
    service: { socketPath, token: 'secret' },
    pieces,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await rm(folder, { recursive: true })
    },
  }
}

it('brings an archive from standard input as it comes, and keeps no copy of it', async () => {
  await using it = await platform()
  const said = vi.spyOn(console, 'log').mockReturnValue()
  const archive = randomBytes(2.5 * UPLOAD_CHUNK_BYTES)
  const input = async function* () {
    for (let at = 0; at < archive.length; at += 65_537) yield archive.subarray(at, at + 65_537)
  }
  await importHome(it.service, 'ada', '-', input())
  expect(said).toHaveBeenCalledWith(expect.stringContaining('ada has the home of ada'))
  expect(Buffer.concat(it.pieces).equals(archive)).toBe(true)
  expect(Math.max(...it.pieces.map(({ length }) => length))).toBe(UPLOAD_CHUNK_BYTES)
  expect((await readdir(tmpdir())).filter((name) => name.startsWith('matrixos-import-'))).toEqual([])
  await expect(importHome(it.service, 'ada', '-', (async function* () {})())).rejects.toThrow('nothing')
})
