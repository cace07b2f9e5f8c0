/** Answers that need not be sent twice: their mark (`ETag`), and `304` for whoever has it. */
import { createHash } from 'node:crypto'

const tagOf = (body: string): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`

/** RFC 9110, section 13.1.2: by weak comparison, since a proxy that compresses makes a mark weak. */
const holds = (ifNoneMatch: string | null, tag: string): boolean =>
  (ifNoneMatch ?? '')
    .split(',')
    .some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === tag)

export function keptResponse(request: Request, body: string, headers: Record<string, string>): Response {
  const tag = tagOf(body)
  const { 'content-type': type = 'application/json', ...rest } = headers
  const common = { ...rest, etag: tag }
  if (holds(request.headers.get('if-none-match'), tag))
    return new Response(null, { status: 304, headers: common })
  return new Response(body, { headers: { ...common, 'content-type': type } })
}
