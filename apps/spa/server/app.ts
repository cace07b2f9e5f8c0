/** Answers requests for the built pages: assets by exact path, the landing page, and one document for every other path. */
import type { Hosts } from '@matrixos/shared'
import { Hono } from 'hono'
import { isPage } from '../src/lib/paths.ts'
import type { Asset } from './assets.ts'
import { contentSecurityPolicy, securityHeaders } from './headers.ts'
import { withPreview } from './preview-head.ts'
import type { Previews } from './previews.ts'
import { sendAsset } from './send.ts'

export interface SpaAppOptions {
  assets: ReadonlyMap<string, Asset>
  hosts: Hosts
  /** One person's own computer, and no platform. */
  isSingle: boolean
  /** `/.well-known/matrix/*` */
  wellKnown: Hono
  /** Of what a page is about. */
  previewOf: Previews
  /** A fresh unguessable text for each answer. */
  nonce: () => string
}

const NONCE = /__CSP_NONCE__/g
const DOCUMENTS = ['/index.html', '/landing.html'] as const

/** What the built documents leave open. */
const PLACE = /__[A-Z]+(_[A-Z]+)*__/g
function placesOf(hosts: Hosts, isSingle: boolean): Record<string, string> {
  return {
    __INSTANCE_DOMAIN__: hosts.instanceDomain,
    __SINGLE__: isSingle ? '1' : '',
    __APP_ORIGIN__: hosts.appOrigin,
    __API_ORIGIN__: hosts.apiOrigin,
    // Any handle shows what follows it.
    __ADDRESS_SUFFIX__: isSingle ? '' : new URL(hosts.instanceOrigin('x')).host.slice(1),
  }
}

/** A last path segment with a dot names a file; a person's page never has one. */
const looksLikeFile = (path: string) => /\.[^/]+$/.test(path) || path.startsWith('/assets/')

export function createSpaApp({ assets, hosts, isSingle, wellKnown, previewOf, nonce }: SpaAppOptions): Hono {
  const app = new Hono()
  const fixed = securityHeaders(hosts)
  const places = placesOf(hosts, isSingle)
  const [page, landing] = DOCUMENTS.map((path) =>
    new TextDecoder().decode(assets.get(path)?.body).replaceAll(PLACE, (name) => places[name] ?? name),
  )

  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(fixed)) c.res.headers.set(name, value)
  })
  app.route('/', wellKnown)
  app.on(['GET', 'HEAD'], '*', async (c) => {
    const isDocument = DOCUMENTS.some((path) => path === c.req.path)
    const asset = isDocument ? undefined : assets.get(c.req.path)
    if (asset) return sendAsset(c.req.raw, asset)
    const { host, pathname } = new URL(c.req.url)
    // A person who goes to a missing file is told by a page; a page that asks for one, by the status.
    const isVisit = c.req.header('accept')?.includes('text/html') ?? false
    if (looksLikeFile(pathname) && !isVisit) return c.text('File not found.', 404)
    const value = nonce()
    c.header('Content-Security-Policy', contentSecurityPolicy(hosts, value))
    c.header('Cache-Control', 'no-cache')
    const isApp = host.startsWith('app.')
    const address = c.req.header('x-forwarded-for') ?? ''
    const found = isPage(host, pathname) ? await previewOf(pathname, address) : 'nobody'
    // Whom strangers do not see may be there for whoever has signed in at the app's host: its script asks.
    const isThere = isPage(host, pathname) && (isApp || found !== 'nobody')
    // Other pages of that host, such as profiles, are drawn by their script.
    const shown = isThere && pathname === '/' && !isApp ? landing : page
    const document = shown?.replaceAll(NONCE, () => value) ?? ''
    // After everything that is filled in: what people write has no places.
    const body = typeof found === 'string' ? document : await withPreview(document, found)
    return c.html(body, isThere ? 200 : 404)
  })
  app.all('*', (c) => c.text('Only GET and HEAD are supported here.', 405, { Allow: 'GET, HEAD' }))
  return app
}
