/** What the disk has room for. */
import { AppError } from '../../errors.ts'

/** Left free on the disk, for everybody's computers. */
export const SPARE_BYTES = 256 * 1_048_576

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
