/** What the disk has room for. */
import { AppError } from '../../errors.ts'

/** Left free on the disk, for everybody's computers. */
export const SPARE_BYTES = 256 * 1_048_576

export const noRoom = () =>
  new AppError('conflict', 'There is not enough space for this archive on the server’s disk.')

export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === 'ENOSPC') || /No space left/.test(error.message))
