/** An archive between its plain form and the one that people keep: Zstandard, with a checksum over the whole. */
import { type Readable, Transform } from 'node:stream'
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import { AppError } from '../../errors.ts'

/** Memory of a reader, as a power of two: what the compressor itself needs at its level, and no more. */
const WINDOW_LOG = 23

const failWith = (from: Readable, to: Transform): Transform => {
  from.once('error', (error) => to.destroy(error))
  to.once('close', () => from.destroy())
  return to
}

export const compressed = (archive: Readable): Readable =>
  archive.pipe(
    failWith(
      archive,
      createZstdCompress({
        params: {
          [constants.ZSTD_c_compressionLevel]: 3,
          [constants.ZSTD_c_checksumFlag]: 1,
          [constants.ZSTD_c_windowLog]: WINDOW_LOG - 2,
        },
      }),
    ),
  )

/** Fails beyond `limitBytes` of plain archive: a small file can stand for a disk full of zeros. */
export function decompressed(file: Readable, limitBytes: number, onBytes: (bytes: number) => void): Readable {
  let read = 0
  let written = 0
  file.on('data', (chunk: Buffer) => {
    read += chunk.length
    onBytes(read)
  })
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      written += chunk.length
      if (written <= limitBytes) return done(null, chunk)
      done(new AppError('invalid_input', 'This archive holds more than there is room for here.'))
    },
  })
  const plain = createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG } })
  return file.pipe(failWith(file, plain)).pipe(failWith(plain, counted))
}
