/**
 * How tokens are counted here, always in the same way: four bytes of UTF-8 are one token, rounded up for every block. An
 * image has 1,600 tokens and a document 3,000, whatever their bytes. Programs may rely on it in tests.
 */
const BYTES_PER_TOKEN = 4

export const IMAGE_TOKENS = 1600
export const DOCUMENT_TOKENS = 3000

export const countTokens = (text: string) => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN)

/** The longest beginning of `text` that has at most so many tokens; never half a letter. */
export function firstTokens(text: string, tokens: number): string {
  const bytes = Buffer.from(text)
  let end = Math.min(bytes.length, tokens * BYTES_PER_TOKEN)
  // A byte of the form 10xxxxxx continues the letter before it.
  while (end > 0 && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
