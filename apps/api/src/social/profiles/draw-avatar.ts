/**
 * Draws somebody's picture anew: whatever was sent, what is kept is a square of its own pixels, without what a file says
 * besides, such as a place.
 */
import { createHash } from 'node:crypto'
import { AVATAR_BYTES, AVATAR_SIZE } from '@matrixos/shared'
import pLimit from 'p-limit'
import { AppError } from '../../errors.ts'
import type { Avatar } from './store.ts'

/** A photograph of 40 megapixels is 160 MB of memory; one is drawn at a time. */
const MOST_PIXELS = 40_000_000
const ONE_AT_A_TIME = pLimit(1)
const NO_PICTURE = 'This is no picture in PNG, JPEG or WebP that can be read.'

/** Loaded when the first picture comes: it takes memory that an api without one does not need. */
async function load() {
  const { default: sharp } = await import('sharp')
  // Other formats have other readers, and a stranger would choose the one with a flaw.
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
  })
  sharp.cache(false)
  sharp.concurrency(1)
  return sharp
}
let loading: ReturnType<typeof load> | undefined

async function draw(bytes: Uint8Array): Promise<Avatar> {
  loading ??= load()
  const sharp = await loading
  try {
    const drawn = await sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', pages: 1 })
      .autoOrient()
      .resize(AVATAR_SIZE, AVATAR_SIZE, { fit: 'cover', position: 'centre' })
      .flatten({ background: '#f6f4ef' })
      .webp({ quality: 82 })
      .timeout({ seconds: 10 })
      .toBuffer()
    const version = createHash('sha256').update(drawn).digest('base64url').slice(0, 16)
    return { version, bytes: new Uint8Array(drawn) }
  } catch (cause) {
    throw new AppError('invalid_input', NO_PICTURE, { cause })
  }
}

/** Throws `invalid_input` for what is no picture. */
export async function drawAvatar(bytes: Uint8Array): Promise<Avatar> {
  if (bytes.length > AVATAR_BYTES)
    throw new AppError('invalid_input', `A picture can have ${AVATAR_BYTES / 1_000_000} MB at most.`)
  return ONE_AT_A_TIME(() => draw(bytes))
}
