/** Writes a preview into a document's head, in the place of its general words. */
import { html } from 'hono/html'
import type { Preview } from './previews.ts'

/** What stands between these in `index.html`. */
const GENERAL = /<!--general-->[\s\S]*?<!--\/general-->/

export async function withPreview(document: string, preview: Preview): Promise<string> {
  const { type, title, description, url, imageUrl } = preview
  const image = imageUrl === null ? '' : html`<meta property="og:image" content="${imageUrl}" />`
  const head = await html`<title>${title}</title>
    <meta name="description" content="${description}" />
    <link rel="canonical" href="${url}" />
    <meta property="og:site_name" content="Matrix OS" />
    <meta property="og:type" content="${type}" />
    <meta property="og:title" content="${title}" />
    <meta property="og:description" content="${description}" />
    <meta property="og:url" content="${url}" />
    ${image}
    <meta name="twitter:card" content="summary" />`
  return document.replace(GENERAL, () => String(head))
}
