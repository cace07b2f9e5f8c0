/** What programs are shown of a published app, without waking its computer: for previews of links in messages and feeds. */
import { html } from 'hono/html'
import type { Publication } from '../access/policy.ts'
import type { CheckResponse } from './check-response.ts'

/** Seconds that whoever asks may keep it: off is off soon. */
const KEPT_S = 60

/** `url`: of the app's page. Depends on nothing else. */
export function publicationPreview(
  { preview }: Pick<Publication, 'preview'>,
  { handle, url }: { handle: string; url: string },
): CheckResponse {
  const { title, description, pictureUrl } = preview
  const picture = pictureUrl
    ? html`<meta property="og:image" content="${pictureUrl}"><meta name="twitter:card" content="summary_large_image">`
    : html`<meta name="twitter:card" content="summary">`
  const text = description || `An app by ${handle}.`
  const body = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title>
<meta name="description" content="${text}">
<meta property="og:type" content="website"><meta property="og:site_name" content="${new URL(url).hostname}">
<meta property="og:title" content="${title}"><meta property="og:description" content="${text}">
<meta property="og:url" content="${url}">${picture}</head>
<body><h1>${title}</h1><p>${text}</p><p>It is asleep, and this program cannot wake it. Open <a href="${url}">${url}</a> in an up-to-date browser.</p></body></html>`
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'cache-control': `public, max-age=${KEPT_S}`,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      // The same address answers people with the app.
      vary: 'User-Agent, Sec-Fetch-Mode',
    },
    body: String(body),
  }
}
