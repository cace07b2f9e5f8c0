/** Pictures of link previews: what is taken from an owner, and how anyone is given it. */
import { createHash } from 'node:crypto'
import { PICTURE_BYTES } from '@matrixos/shared'
import { AppError } from '../errors.ts'
import type { Picture } from './picture-store.ts'

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const JPEG = [0xff, 0xd8, 0xff]
const RIFF = [0x52, 0x49, 0x46, 0x46]
const WEBP = [0x57, 0x45, 0x42, 0x50]

const holds = (bytes: Uint8Array, expected: readonly number[], at = 0) =>
  expected.every((byte, index) => bytes[at + index] === byte)

/** By how it begins, whatever the sender says that it is; `null`: none that browsers only draw. */
function pictureType(bytes: Uint8Array): string | null {
  if (holds(bytes, PNG)) return 'image/png'
  if (holds(bytes, JPEG)) return 'image/jpeg'
  return holds(bytes, RIFF) && holds(bytes, WEBP, 8) ? 'image/webp' : null
}

/** Throws `invalid_input`. */
export function readPicture(bytes: Uint8Array): Picture {
  if (bytes.length > PICTURE_BYTES)
    throw new AppError('invalid_input', `A picture can have ${PICTURE_BYTES / 1000} kB at most.`)
  const type = pictureType(bytes)
  if (!type) throw new AppError('invalid_input', 'This is no picture in PNG, JPEG or WebP.')
  return { type, bytes }
}

/** The same picture has the same. */
export const versionOf = ({ bytes }: Picture): string =>
  createHash('sha256').update(bytes).digest('base64url').slice(0, 16)

/** Opened as a page, it stays a picture: nothing in it is run, or taken for something else. */
export const pictureHeaders = ({ type }: Picture): Record<string, string> => ({
  'content-type': type,
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
})
