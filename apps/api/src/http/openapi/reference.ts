/** The reference page at `api.DOMAIN/`: drawn once, from the document. It loads nothing, and has no script. */
import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { OpenApiDocument } from './document.ts'
import type { DeclaredEndpoint } from './endpoints.ts'
import { REFERENCE_STYLE } from './reference-style.ts'
import { typeText } from './type-text.ts'

export interface ReferenceOptions {
  endpoints: readonly DeclaredEndpoint[]
  document: OpenApiDocument
  apiOrigin: string
  /** Where tokens are made. */
  appOrigin: string
}

type Operation = NonNullable<NonNullable<OpenApiDocument['paths']>[string]['get']>

const METHODS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const

const jsonOf = (content: { 'application/json'?: { schema?: unknown } } | undefined): string | null =>
  content?.['application/json']?.schema ? typeText(content['application/json'].schema) : null

function parametersOf({ parameters = [] }: Operation) {
  const named = parameters.flatMap((each) => ('name' in each ? [each] : []))
  if (named.length === 0) return ''
  const rows = named.map(
    ({ name, in: place, required, schema }) => html`<dt><code>${name}</code></dt>
<dd><code>${typeText(schema ?? {})}</code> <span class="muted">in the ${place}${required ? '' : ', optional'}</span></dd>`,
  )
  return html`<dl>${rows}</dl>`
}

/** What stands between backticks is code. */
const inProse = (text: string) =>
  html`<p>${text.split('`').map((part, at) => (at % 2 ? html`<code>${part}</code>` : part))}</p>`

/** Without what must be in its query, it would be refused. */
function queryOf({ parameters = [] }: Operation): string {
  const required = parameters.flatMap((each) =>
    'name' in each && each.in === 'query' && each.required ? [`${each.name}=…`] : [],
  )
  return required.length === 0 ? '' : `?${required.join('&')}`
}

interface CurlOptions {
  apiOrigin: string
  query: string
  hasBody: boolean
}

function curlOf(
  { method, path, access }: DeclaredEndpoint,
  { apiOrigin, query, hasBody }: CurlOptions,
): string {
  const address = query === '' ? `${apiOrigin}${path}` : `'${apiOrigin}${path}${query}'`
  const lines = [`curl ${method === 'GET' ? '' : `-X ${method} `}${address}`]
  if (access !== 'public') lines.push('-H "Authorization: Bearer $MATRIXOS_TOKEN"')
  if (hasBody) lines.push('-H "Content-Type: application/json"', "-d '{…}'")
  return lines.join(' \\\n  ')
}

const folded = (title: string, text: string | null) =>
  text === null ? '' : html`<details><summary>${title}</summary><pre tabindex="0">${text}</pre></details>`

function articleOf(endpoint: DeclaredEndpoint, { document, apiOrigin }: ReferenceOptions) {
  const { method, path, procedure, summary, description, access } = endpoint
  const operation = document.paths?.[path]?.[METHODS[method]]
  if (!operation) return ''
  const body =
    operation.requestBody && 'content' in operation.requestBody ? operation.requestBody.content : undefined
  const done: unknown = operation.responses?.['200']
  const answer =
    typeof done === 'object' && done && 'content' in done ? (done.content as typeof body) : undefined
  const needs = access === 'public' ? 'No token needed' : html`Token with <code>${access}</code>`
  return html`<article id="${procedure}"><h3>${summary}</h3>
<div class="at"><code><span class="method">${method}</span> ${path}</code><span class="muted">${needs}</span></div>
${description === undefined ? '' : inProse(description)}
${parametersOf(operation)}
${folded('Body', jsonOf(body))}${folded('Answer', jsonOf(answer))}
<pre tabindex="0">${curlOf(endpoint, { apiOrigin, query: queryOf(operation), hasBody: body !== undefined })}</pre></article>
`
}

export interface Page {
  body: string
  headers: Record<string, string>
}

export function createReference(options: ReferenceOptions): Page {
  const { endpoints, document, appOrigin } = options
  const tags = (document.tags ?? []).map(({ name }) => name)
  const sections = tags.map(
    (tag) => html`<h2 id="${tag}">${tag}</h2>
${endpoints.filter((each) => each.tag === tag).map((each) => articleOf(each, options))}`,
  )
  const paragraphs = (document.info.description ?? '').split('\n\n').map(inProse)
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>API reference · Matrix OS</title><style>${raw(REFERENCE_STYLE)}</style></head>
<body><main><h1>Matrix OS API</h1>${paragraphs}
<p>The same as a document for programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). <a href="${appOrigin}/settings/tokens">Make a token</a>.</p>
<nav aria-label="Sections"><ul>${tags.map((tag) => html`<li><a href="#${tag}">${tag}</a></li>`)}</ul></nav>
${sections}</main></body></html>
`
  const styleHash = createHash('sha256').update(REFERENCE_STYLE).digest('base64')
  return {
    body: String(page),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    },
  }
}
