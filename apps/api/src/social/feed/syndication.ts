/**
 * The feed for programs that read feeds: as RSS, Atom and JSON Feed, of everyone and of one person. They sign in nowhere,
 * so it is what strangers see.
 */
import {
  type FeedItemView,
  type FeedQuery,
  feedQuerySchema,
  type Hosts,
  NOTHING_HERE,
} from '@matrixos/shared'
import { Feed as Syndicated } from 'feed'
import { Hono } from 'hono'
import { AppError } from '../../errors.ts'
import { networkOf } from '../../http/network.ts'
import { keptResponse } from '../../http/openapi/kept.ts'
import { clientAddress } from '../../http/request.ts'
import { isStorable } from '../../http/storable.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { Feed } from './service.ts'

export interface SyndicationOptions {
  feed: Pick<Feed, 'page'>
  hosts: Pick<Hosts, 'apiOrigin' | 'appOrigin' | 'landingOrigin'>
  /** Of one network. */
  readLimit: Pick<AttemptLimit, 'take'>
}

const FORMATS = {
  rss: { type: 'application/rss+xml; charset=utf-8', write: (feed: Syndicated) => feed.rss2() },
  atom: { type: 'application/atom+xml; charset=utf-8', write: (feed: Syndicated) => feed.atom1() },
  json: { type: 'application/feed+json; charset=utf-8', write: (feed: Syndicated) => feed.json1() },
} as const
type Format = keyof typeof FORMATS

const ITEMS = 30
const KEPT_FOR_S = 60

/** What XML cannot hold, and what would end the section that a text stands in. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
const plain = (text: string): string => text.toWellFormed().replace(NOT_IN_XML, '').replaceAll(']]>', ']] >')

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const html = (text: string): string =>
  plain(text)
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '')
    .replaceAll('\n', '<br>')

const DID = {
  post: 'wrote',
  app_built: 'built an app',
  app_published: 'published an app',
  met: 'met somebody',
}

function titleOf({ author, actor, kind, app, met }: FeedItemView): string {
  const who = `${author.displayName}${actor === 'ai' ? '’s AI' : ''}`
  if (met) return plain(`${who} met ${met.displayName}’s AI`)
  return plain(app ? `${who} ${DID[kind]}: ${app.title}` : `${who} ${DID[kind]}`)
}

function syndicated(
  { hosts }: Pick<SyndicationOptions, 'hosts'>,
  items: readonly FeedItemView[],
  { handle, path }: { handle: string | undefined; path: string },
): Syndicated {
  const page = handle === undefined ? `${hosts.appOrigin}/feed` : `${hosts.landingOrigin}/@${handle}`
  const at = (format: Format) => `${hosts.apiOrigin}${path}.${format}`
  const [newest] = items
  const feed = new Syndicated({
    ...{ id: page, link: page, title: handle === undefined ? 'Matrix OS' : `@${handle} · Matrix OS` },
    ...{ feedLinks: { rss: at('rss'), atom: at('atom'), json: at('json') }, generator: 'Matrix OS' },
    // Without one it would change at every look.
    updated: new Date(newest?.at ?? 0),
  })
  for (const item of items) {
    const link = `${hosts.appOrigin}/feed/${item.id}`
    const name = plain(item.author.displayName)
    feed.addItem({
      ...{
        id: link,
        guid: link,
        link,
        title: titleOf(item),
        content: html(item.text),
        date: new Date(item.at),
      },
      author: [{ name, link: `${hosts.landingOrigin}/@${item.author.handle}` }],
    })
  }
  return feed
}

export function createSyndicationRoutes(options: SyndicationOptions): Hono {
  const { feed, readLimit } = options

  async function answer(request: Request, format: Format, handle?: string): Promise<Response> {
    const address = clientAddress(request.headers.get('x-forwarded-for'))
    await readLimit.take(networkOf(address))
    const of: Partial<FeedQuery> = handle === undefined ? { scope: 'everyone' } : { scope: 'person', handle }
    const query = feedQuerySchema.safeParse({ ...of, limit: ITEMS })
    // Whatever stands in the address: nobody is called so.
    if (!query.success || !isStorable(handle)) throw new AppError('not_found', NOTHING_HERE)
    const { items } = await feed.page(null, query.data)
    const path = handle === undefined ? '/feed' : `/users/${encodeURIComponent(handle)}/feed`
    const { type, write } = FORMATS[format]
    const headers = { 'content-type': type, 'cache-control': `public, max-age=${KEPT_FOR_S}` }
    return keptResponse(request, write(syndicated(options, items, { handle, path })), headers)
  }

  const app = new Hono()
  for (const format of ['rss', 'atom', 'json'] as const) {
    app.get(`/feed.${format}`, ({ req }) => answer(req.raw, format))
    app.get(`/users/:handle/feed.${format}`, ({ req }) => answer(req.raw, format, req.param('handle')))
  }
  return app
}
