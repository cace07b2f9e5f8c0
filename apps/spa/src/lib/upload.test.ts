import { UPLOAD_CHUNK_BYTES } from '@matrixos/shared'
import { expect, test, vi } from 'vitest'
import { upload } from './upload.ts'

const SIZE = 2 * UPLOAD_CHUNK_BYTES + 5
const file = new Blob([new Uint8Array(SIZE)])

function send(answers: (Response | Error)[]) {
  const offsets: number[] = []
  const progress: number[] = []
  const renew = vi.fn(async () => {})
  const work = upload({
    ...{ file, uploadId: 'a'.repeat(32), renew, pause: async () => {}, signal: new AbortController().signal },
    onProgress: (bytes) => void progress.push(bytes),
    fetch: async (url, init) => {
      const offset = Number(new URL(String(url), 'http://x').searchParams.get('offset'))
      offsets.push(offset)
      const next = answers.shift()
      if (next instanceof Error) throw next
      const size = init?.body instanceof Blob ? init.body.size : 0
      return next ?? Response.json({ received: offset + size })
    },
  })
  return { work, offsets, progress, renew }
}

test('sends a file piece by piece', async () => {
  const { work, offsets, progress } = send([])
  await work
  expect(offsets).toEqual([0, UPLOAD_CHUNK_BYTES, 2 * UPLOAD_CHUNK_BYTES])
  expect(progress.at(-1)).toBe(SIZE)
})

test('goes on after a lost connection, an outage, and from where the platform says', async () => {
  const lost = [new Error('offline'), Response.json({ message: 'x' }, { status: 503 })]
  const { work, offsets } = send([...lost, Response.json({ received: UPLOAD_CHUNK_BYTES })])
  await work
  expect(offsets).toEqual([0, 0, 0, UPLOAD_CHUNK_BYTES, 2 * UPLOAD_CHUNK_BYTES])
})

test('takes nothing for an answer that is none: a lost end, or somebody on the way who says yes to everything', async () => {
  const none = [new Response('{"recei'), new Response('<html>'), Response.json({ ok: true })]
  const { work, offsets } = send(none)
  await work
  expect(offsets).toEqual([0, 0, 0, 0, UPLOAD_CHUNK_BYTES, 2 * UPLOAD_CHUNK_BYTES])
})

test('renews a session that has run out', async () => {
  const { work, renew } = send([Response.json({ message: 'Signed out.' }, { status: 401 })])
  await work
  expect(renew).toHaveBeenCalledOnce()
})

test('says why it was refused, and does not insist', async () => {
  const { work, offsets } = send([Response.json({ message: 'No room.' }, { status: 409 })])
  await expect(work).rejects.toThrow('No room.')
  expect(offsets).toEqual([0])
})
