/**
 * As what a file is sent. Only what a browser shows without running anything of it gets a type of its own: a page, a
 * script or an SVG that somebody put into the home would otherwise run with its owner's rights.
 */

const TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  pdf: 'application/pdf',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  weba: 'audio/webm',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  webm: 'video/webm',
  ogv: 'video/ogg',
  mov: 'video/quicktime',
}
const TEXT = 'text/plain; charset=utf-8'
const BYTES = 'application/octet-stream'

/** `start`: the file's first bytes. What is no text goes as bytes, which browsers store and never show. */
export function contentTypeOf(name: string, start: Buffer): string {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return (Object.hasOwn(TYPES, ending) && TYPES[ending]) || (isBinary(start) ? BYTES : TEXT)
}

export const isBinary = (start: Buffer): boolean => start.includes(0)

/** The browser's own viewer of PDF does not run in a sandbox. */
export function policyOf(type: string): string {
  return type === TYPES.pdf
    ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    : "default-src 'none'; sandbox; frame-ancestors 'self'"
}

/** RFC 6266: the name in ASCII for old programs, and as it is. */
export function dispositionOf(kind: 'inline' | 'attachment', name: string): string {
  // Whatever could end the header, name a folder or be no character at all.
  const clean = name.replace(/[\p{Cc}\p{Cs}\p{Co}\p{Bidi_Control}/\\]/gu, '_')
  const ascii = clean.replace(/[^ -~]|["%]/g, '_')
  const whole = encodeURIComponent(clean).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  )
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${whole}`
}
