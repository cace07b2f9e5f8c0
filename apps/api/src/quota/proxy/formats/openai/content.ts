/**
 * Parts of a prompt, looked through for what its bytes say nothing of. This provider counts no tokens before a call, so
 * what has no bound of its own is refused on the platform's key: everything that is not listed here.
 */
import { isRecord } from '../parse-body.ts'

const TEXTS = new Set(['text', 'input_text', 'output_text', 'refusal', 'summary_text', 'reasoning_text'])
const IMAGES = new Set(['image_url', 'input_image', 'computer_screenshot'])

/**
 * Tokens of an image, at most. The provider scales each down first: into 768 × 2,048 for models that count tiles, 8 at
 * most, at 2,833 and 5,667 for each with the dearest (GPT-4o mini: 48,169); into 10,000 patches for the others, at 2.46
 * tokens with the dearest. https://developers.openai.com/api/docs/guides/images-vision
 */
export const IMAGE_TOKENS = 50_000

export interface Content {
  images: number
  /** Of the body, no text: characters, which are never more than their bytes. */
  imageBytes: number
  /** The first of what has no bound, in the request's own word. */
  unbounded: string | null
}

export const noContent = (): Content => ({ images: 0, imageBytes: 0, unbounded: null })

/** A string or a list of parts; tools' results as well. */
export function lookAtContent(found: Content, content: unknown): void {
  const parts = Array.isArray(content) ? content : isRecord(content) ? [content] : []
  for (const part of parts) {
    const unbounded = lookAtPart(found, part)
    if (unbounded) note(found, unbounded)
  }
}

/** What has no bound; `null`: all of it has. */
function lookAtPart(found: Content, part: unknown): string | null {
  const type = isRecord(part) ? part.type : undefined
  if (!isRecord(part) || typeof type !== 'string') return 'content of an unknown kind'
  if (TEXTS.has(type)) return null
  if (!IMAGES.has(type)) return `content of the type ${named(type)}`
  const url = isRecord(part.image_url) ? part.image_url.url : part.image_url
  if (typeof url !== 'string' || part.file_id) return 'an image by its id'
  found.images++
  if (url.startsWith('data:')) found.imageBytes += url.length
  return null
}

export function note(found: Content, what: string): void {
  found.unbounded ??= what
}

/** A client's own word in a message to it. */
export const named = (word: string): string => `\`${word.slice(0, 60)}\``

/** Most tokens that the prompt can be. */
export const boundedBytes = (body: Buffer, { images, imageBytes }: Content): number =>
  body.length - imageBytes + images * IMAGE_TOKENS

export const refusalOf = ({ unbounded }: Content): string | null =>
  unbounded &&
  `On the platform's key, what a call costs at most must be known before it is made, and with ${unbounded} it is not. Leave it out, or set a key of your own.`
