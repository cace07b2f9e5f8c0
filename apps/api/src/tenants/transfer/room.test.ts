/** Exports and imports leave the disk room for others, and say so where it is too small. */
import { createZstdCompress } from 'node:zlib'
import { expect, it, vi } from 'vitest'
import { boot, MIB, ROW } from './testing/transfers.ts'

const UPLOAD = 'a'.repeat(32)
const SERVER = { actor: 'server', address: '' } as const

it('takes no import where the disk is full', async () => {
  const { transfers } = boot()
  await expect(transfers.begin({ ...ROW, diskLevel: 'full' }, 3)).rejects.toMatchObject({ code: 'conflict' })
  await expect(transfers.begin({ ...ROW, diskLevel: 'filling' }, 3)).resolves.toHaveProperty('uploadId')
})

it.each([
  [false, /space for this archive on the server/],
  [true, /do not fit on the disk of this computer/],
])('says which disk is too small for an import, homes being limited: %s', async (isWalled, message) => {
  const stage = () => Promise.reject(new Error('tar ended with 2: a: No space left on device'))
  const { transfers } = boot({ isWalled, stage })
  await transfers.finish(ROW, UPLOAD, SERVER)
  await vi.waitFor(async () =>
    expect((await transfers.state(ROW)).import).toMatchObject({
      ...{ status: 'failed', message: expect.stringMatching(message) },
    }),
  )
})

it('leaves the disk some room, however small the archive of much is', async () => {
  const packed = createZstdCompress()
  packed.end(Buffer.alloc(100 * MIB))
  const { transfers, stage } = boot({ freeBytes: () => 300 * MIB, readUpload: () => packed })
  let bytes = 0
  stage.mockImplementation(async (archive) => {
    for await (const piece of archive) bytes += piece.byteLength
    throw new Error('It was let through.')
  })
  await transfers.finish(ROW, UPLOAD, SERVER)
  await vi.waitFor(
    async () =>
      expect((await transfers.state(ROW)).import).toMatchObject({
        status: 'failed',
        message: 'This archive holds more than there is room for here.',
      }),
    { timeout: 10_000 },
  )
  expect(bytes).toBeLessThanOrEqual(44 * MIB)
})

it('takes no piece of an upload from the room that the disk is left, whatever size was announced', async () => {
  let free = 1024 * MIB
  const { transfers } = boot({ freeBytes: () => free })
  await transfers.begin(ROW, 1)
  await expect(transfers.append(ROW, UPLOAD, 0, new Uint8Array(MIB))).resolves.toBe(3)
  free = 256 * MIB
  await expect(transfers.append(ROW, UPLOAD, 3, new Uint8Array(MIB))).rejects.toMatchObject({
    code: 'conflict',
    message: 'There is not enough space for this archive on the server’s disk.',
  })
})

it('stops to unpack where the disk is nearly full: a file takes more there than in an archive', async () => {
  let [free, looks] = [1024 * MIB, 0]
  const seen = Promise.withResolvers<void>()
  const packed = createZstdCompress()
  packed.write(Buffer.alloc(MIB))
  const { transfers, stage } = boot({
    readUpload: () => packed,
    freeBytes: () => {
      if (free < 256 * MIB && ++looks === 2) seen.resolve()
      return free
    },
  })
  stage.mockImplementation(async (archive) => {
    free = 255 * MIB
    // The second look is over when the third begins, at the latest.
    void seen.promise.then(() => packed.end(Buffer.alloc(MIB)))
    for await (const _ of archive);
    throw new Error('It was let through.')
  })
  await transfers.finish(ROW, UPLOAD, SERVER)
  await vi.waitFor(
    async () =>
      expect((await transfers.state(ROW)).import).toMatchObject({
        status: 'failed',
        message: 'There is not enough space for this archive on the server’s disk.',
      }),
    { timeout: 20_000 },
  )
})

it('stops to unpack where hardly any file can be made on the disk any more, whatever room there is in bytes', async () => {
  const packed = createZstdCompress()
  packed.write(Buffer.alloc(MIB))
  let [free, looks] = [1_000_000, 0]
  const { transfers, stage } = boot({
    readUpload: () => packed,
    freeInodes: () => {
      // The second look is over when the third begins, at the latest.
      if (free < 50_000 && ++looks === 2) packed.end(Buffer.alloc(MIB))
      return free
    },
  })
  stage.mockImplementation(async (archive) => {
    free = 49_999
    for await (const _ of archive);
    throw new Error('It was let through.')
  })
  await transfers.finish(ROW, UPLOAD, SERVER)
  await vi.waitFor(
    async () =>
      expect((await transfers.state(ROW)).import).toMatchObject({
        status: 'failed',
        message: 'There is not enough space for this archive on the server’s disk.',
      }),
    { timeout: 20_000 },
  )
})

it.each([
  [100_000 * MIB, 10_001 * MIB],
  [1_000_000 * MIB, 20_481 * MIB],
])('leaves a part of a disk of %i bytes to others, however many upload', async (totalBytes, freeBytes) => {
  const { transfers } = boot({ totalBytes, freeBytes: () => freeBytes })
  await expect(transfers.begin(ROW, MIB)).resolves.toHaveProperty('uploadId')
  await expect(transfers.append(ROW, UPLOAD, 0, new Uint8Array(MIB))).resolves.toBe(3)
  for (const refused of [
    transfers.begin(ROW, MIB + 1),
    transfers.append(ROW, UPLOAD, 0, new Uint8Array(MIB + 1)),
  ])
    await expect(refused).rejects.toMatchObject({ code: 'conflict' })
})
