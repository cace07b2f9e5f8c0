/** As what an app's files are sent. It has an origin of its own: here, pages and scripts are what they are. */

const TEXT: Record<string, string> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  mjs: 'text/javascript',
  json: 'application/json',
  map: 'application/json',
  webmanifest: 'application/manifest+json',
  svg: 'image/svg+xml',
  xml: 'application/xml',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  vtt: 'text/vtt',
  obj: 'text/plain',
  gltf: 'model/gltf+json',
  glsl: 'text/plain',
  vert: 'text/plain',
  frag: 'text/plain',
}

const BYTES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
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
  webm: 'video/webm',
  ogv: 'video/ogg',
  mov: 'video/quicktime',
  woff: 'font/woff',
  woff2: 'font/woff2',
  ttf: 'font/ttf',
  otf: 'font/otf',
  wasm: 'application/wasm',
  pdf: 'application/pdf',
  zip: 'application/zip',
  glb: 'model/gltf-binary',
}

/** `isText`: worth compressing. */
export function typeOf(path: string): { name: string; isText: boolean } {
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  if (Object.hasOwn(TEXT, ending)) return { name: `${TEXT[ending]}; charset=utf-8`, isText: true }
  const name = Object.hasOwn(BYTES, ending) ? BYTES[ending] : undefined
  return { name: name ?? 'application/octet-stream', isText: false }
}
