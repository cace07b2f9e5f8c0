/** What the disk has room for. */
import { AppError } from '../../errors.ts'
import type { HomeSpace } from '../../ports/home-store.ts'

/** Left free on the disk, for everybody's computers. */
export const SPARE_BYTES = 256 * 1_048_576
const SPARE_INODES = 50_000
/** Archives that are only being taken in leave more: so many accounts could each begin one, and none has to go on with it. */
const UPLOADS_LEAVE_SHARE = 0.1
const UPLOADS_LEAVE_BYTES = 20 * 1_073_741_824

/** Whether what is unpacked now has taken all that it may, in bytes or in files. */
export const isUsedUp = ({ freeBytes, freeInodes }: HomeSpace): boolean =>
  freeBytes < SPARE_BYTES || (freeInodes !== null && freeInodes < SPARE_INODES)

/** Bytes that uploads may still take, those of everybody together. */
export const roomForUploads = ({ freeBytes, totalBytes }: HomeSpace): number =>
  freeBytes - Math.max(SPARE_BYTES, Math.min(totalBytes * UPLOADS_LEAVE_SHARE, UPLOADS_LEAVE_BYTES))

export const tooLarge = (limitBytes: number) =>
  new AppError(
    'conflict',
    `This archive is larger than ${sizeText(limitBytes)}, the most that is taken here.`,
  )

const GIBIBYTE = 1_073_741_824
const MEBIBYTE = 1_048_576

function sizeText(bytes: number): string {
  const [unit, factor] = bytes < GIBIBYTE ? (['MB', MEBIBYTE] as const) : (['GB', GIBIBYTE] as const)
  return `${(bytes / factor).toLocaleString('en', { maximumSignificantDigits: 3 })} ${unit}`
}

export const noRoom = () =>
  new AppError('conflict', 'There is not enough space for this archive on the server’s disk.')

/** Where the home store stops what does not fit: of the plan, whatever else the server has. */
export const homeTooSmall = () =>
  new AppError(
    'conflict',
    'The files in this archive do not fit on the disk of this computer: your plan gives it less space. Nothing has changed.',
  )

/** The home of now is kept for a while beside the imported one. */
export const homeFull = () =>
  new AppError(
    'conflict',
    'The disk of this computer is full. Delete files there, wait a minute or two, then import again.',
  )

export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === 'ENOSPC') || /No space left/.test(error.message))
