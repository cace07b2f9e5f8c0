/** Answers requests for the built pages: assets by exact path, and the one document for every other path. */
import type { Hosts } from '@matrixos/shared'
import { Hono } from 'hono'
import { isPage } from '../src/lib/paths.ts'
import type { Asset } from './assets.ts'
import { contentSecurityPolicy, securityHeaders } from './headers.ts'

export interface SpaAppOptions {
  assets: ReadonlyMap<string, Asset>
  hosts: Hosts
  /** One person's own computer, and no platform. */
  isSingle: boolean
  /** A fresh unguessable text for each answer. */
  nonce: () => string
}

const NONCE = /__CSP_NONCE__/g
const INSTANCE_DOMAIN = '__INSTANCE_DOMAIN__'
const SINGLE = '__SINGLE__'

/** A last path segment with a dot names a file; a person's page never has one. */
const looksLikeFile = (path: string) => /\.[^/]+$/.test(path) || path.startsWith('/assets/')

export function createSpaApp({ assets, hosts, isSingle, nonce }: SpaAppOptions): Hono {
  const app = new Hono()
  const fixed = securityHeaders(hosts)
  const page = new TextDecoder()
    .decode(assets.get('/index.html')?.body)
    .replaceAll(INSTANCE_DOMAIN, () => hosts.instanceDomain)
    .replaceAll(SINGLE, isSingle ? '1' : '')

  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(fixed)) c.res.headers.set(name, value)
  })
  app.on(['GET', 'HEAD'], '*', (c) => {
    const asset = c.req.path === '/index.html' ? undefined : assets.get(c.req.path)
    if (asset) return sendAsset(c.req.raw, asset)
    const { host, pathname } = new URL(c.req.url)
    // A person who goes to a missing file is told by a page; a page that asks for one, by the status.
    const isVisit = c.req.header('accept')?.includes('text/html') ?? false
    if (looksLikeFile(pathname) && !isVisit) return c.text('File not found.', 404)
    const value = nonce()
    c.header('Content-Security-Policy', contentSecurityPolicy(hosts, value))
    c.header('Cache-Control', 'no-cache')
    return c.html(
      page.replace(NONCE, () => value),
      isPage(host, pathname) ? 200 : 404,
    )
  })
  app.all('*', (c) => c.text('Only GET and HEAD are supported here.', 405, { Allow: 'GET, HEAD' }))
  return app
}

function sendAsset(request: Request, asset: Asset): Response {
  const headers = new Headers({
    'Content-Type': asset.type,
    'Cache-Control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: asset.etag,
    Vary: 'Accept-Encoding',
  })
  if (request.headers.get('if-none-match') === asset.etag) return new Response(null, { status: 304, headers })
  const accepted = request.headers.get('accept-encoding') ?? ''
  const encoding = (['br', 'gzip'] as const).find((name) => accepted.includes(name))
  const packed = encoding && asset.compressed?.[encoding]
  if (packed) headers.set('Content-Encoding', encoding)
  const body = packed ?? asset.body
  headers.set('Content-Length', String(body.byteLength))
  return new Response(request.method === 'HEAD' ? null : body, { headers })
}
