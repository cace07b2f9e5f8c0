/** What programs are shown of a published app, without waking its computer: for previews of links in messages and feeds. */
import { html } from 'hono/html'
import type { Publication } from '../access/policy.ts'
import type { CheckResponse } from './check-response.ts'
import { mark } from './page-style.ts'
import { render } from './pages.ts'

/** Seconds that whoever asks may keep it: off is off soon. */
const KEPT_S = 60

export interface PreviewOptions {
  publication: Pick<Publication, 'preview'>
  handle: string
  /** Of the app's page. */
  url: string
  nonce: string
}

/** Depends on nothing else. */
export function publicationPreview({ publication, handle, url, nonce }: PreviewOptions): CheckResponse {
  const { title, description, pictureUrl } = publication.preview
  const picture = pictureUrl
    ? html`<meta property="og:image" content="${pictureUrl}"><meta name="twitter:card" content="summary_large_image">`
    : html`<meta name="twitter:card" content="summary">`
  const text = description || `An app by ${handle}.`
  const head = html`<meta name="description" content="${text}">
<meta property="og:type" content="website"><meta property="og:site_name" content="${new URL(url).hostname}">
<meta property="og:title" content="${title}"><meta property="og:description" content="${text}">
<meta property="og:url" content="${url}">${picture}`
  const content = html`${mark('logo')}<h1>${title}</h1><p>${text}</p>
<p class="small">Programs and old browsers see this instead of the app.</p><a class="button" href="${url}">Open the app</a>`
  const made = render({ title, content, nonce, head })
  return {
    status: 200,
    headers: {
      ...made.headers,
      'cache-control': `public, max-age=${KEPT_S}`,
      // The same address answers people with the app.
      vary: 'User-Agent, Sec-Fetch-Mode',
    },
    body: made.body,
  }
}
