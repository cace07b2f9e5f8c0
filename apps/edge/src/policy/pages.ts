/** What the edge itself says to a person who opens a page; programs get a line of `texts.ts`. */
import { createHash } from 'node:crypto'
import { reloadScript } from '@matrixos/shared'
import { pageOf } from './page-style.ts'
import { RETRY_AFTER_S } from './texts.ts'

export interface EdgePage {
  headers: Readonly<Record<string, string>>
  body: string
}

/** What a browser sends with a person's visit, as against what a page fetches: the gate goes by the same. */
export function isNavigation(
  method: string | undefined,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || headers.upgrade !== undefined) return false
  const mode = headers['sec-fetch-mode']
  if (mode !== undefined) return mode === 'navigate' && headers['sec-fetch-dest'] === 'document'
  return String(headers.accept ?? '').includes('text/html')
}

const headersOf = (policy: readonly string[]): EdgePage['headers'] => ({
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...policy,
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
})

const RELOAD = reloadScript(RETRY_AFTER_S)
const RELOAD_HASH = createHash('sha256').update(RELOAD).digest('base64')

export const UNAVAILABLE_PAGE: EdgePage = {
  headers: headersOf([`script-src 'sha256-${RELOAD_HASH}'`, "connect-src 'self'"]),
  body: pageOf({
    title: 'Temporarily unavailable',
    content: `<p>Matrix OS isn’t answering. This page reloads automatically.</p>
<a href="">Try again</a><noscript><meta http-equiv="refresh" content="${RETRY_AFTER_S}"></noscript>
<script>${RELOAD}</script>`,
  }),
}

/** `home`: the platform's landing page. */
export const unknownHostPage = (home: string): EdgePage => ({
  headers: headersOf([]),
  body: pageOf({
    title: 'Page not found',
    content: `<p>There is nothing at this address.</p><a href="${home}">Go to Matrix OS</a>`,
  }),
})
