/** Answers with a built file: whole, compressed where that helps, or the part of a film that a player asks for. */
import type { Asset } from './assets.ts'

export function sendAsset(request: Request, asset: Asset): Response {
  const headers = new Headers({
    'Content-Type': asset.type,
    'Cache-Control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: asset.etag,
    Vary: 'Accept-Encoding',
  })
  if (request.headers.get('if-none-match') === asset.etag) return new Response(null, { status: 304, headers })
  if (asset.type.startsWith('video/')) return sendFilm(request, asset, headers)
  const accepted = request.headers.get('accept-encoding') ?? ''
  const encoding = (['br', 'gzip'] as const).find((name) => accepted.includes(name) && asset.compressed[name])
  const packed = encoding && asset.compressed[encoding]
  if (packed) headers.set('Content-Encoding', encoding)
  return sendBytes(request, 200, packed ?? asset.body, headers)
}

/** Safari plays nothing from a server that gives no parts (RFC 9110, 14). More than one part at once is answered whole. */
function sendFilm(request: Request, { body, etag }: Asset, headers: Headers): Response {
  headers.set('Accept-Ranges', 'bytes')
  const size = body.byteLength
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('range') ?? '') ?? []
  const isOutdated = (request.headers.get('if-range') ?? etag) !== etag
  if ((first === '' && last === '') || isOutdated) return sendBytes(request, 200, body, headers)
  // Without a first byte the figure is how many of the last ones are wanted.
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (from > to) {
    headers.set('Content-Range', `bytes */${size}`)
    return new Response(null, { status: 416, headers })
  }
  headers.set('Content-Range', `bytes ${from}-${to}/${size}`)
  return sendBytes(request, 206, body.subarray(from, to + 1), headers)
}

function sendBytes(request: Request, status: number, body: Asset['body'], headers: Headers): Response {
  headers.set('Content-Length', String(body.byteLength))
  return new Response(request.method === 'HEAD' ? null : body, { status, headers })
}
