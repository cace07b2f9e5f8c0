/** An archive between its plain form and the one that people keep: Zstandard, with a checksum over the whole. */
import { pipeline, Readable, Transform } from 'node:stream'
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import { AppError } from '../../errors.ts'
import type { Bytes } from '../../ports/home-transfer.ts'
import { noRoom } from './room.ts'

/** Memory of a reader, as a power of two. */
const MOST_WINDOW_LOG = 23
const WINDOW_LOG = 21

/** What fails in a chain ends all of it, and is told to whoever reads its end. */
const toldAtTheEnd = () => undefined

export const compressed = (archive: Bytes): Readable =>
  pipeline(
    Readable.from(archive, { objectMode: false }),
    createZstdCompress({
      params: {
        [constants.ZSTD_c_compressionLevel]: 3,
        [constants.ZSTD_c_checksumFlag]: 1,
        [constants.ZSTD_c_windowLog]: WINDOW_LOG,
      },
    }),
    toldAtTheEnd,
  )

const counting = (onBytes: (bytes: number) => Error | null): Transform => {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      done(onBytes(bytes), chunk)
    },
  })
}

export interface Decompressing {
  /** Of plain archive: a small file can stand for a disk full of zeros. */
  limitBytes: number
  /** A million files of one letter take far more of the disk than of an archive, and others write to it as well. */
  isFull: () => boolean
  onRead: (bytes: number) => void
}

/** Fails beyond the limit, and when the disk is full. */
export function decompressed(file: Bytes, { limitBytes, isFull, onRead }: Decompressing): Readable {
  const read = counting((bytes) => {
    onRead(bytes)
    return null
  })
  const written = counting((bytes) => {
    if (isFull()) return noRoom()
    return bytes <= limitBytes
      ? null
      : new AppError('invalid_input', 'This archive holds more than there is room for here.')
  })
  const plain = createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: MOST_WINDOW_LOG } })
  const source = file instanceof Readable ? file : Readable.from(file, { objectMode: false })
  return pipeline(source, read, plain, written, toldAtTheEnd)
}
