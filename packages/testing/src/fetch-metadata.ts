/** What a browser says about a request of its own accord: `Sec-Fetch-*` and `Origin`. */
import type { RequestContext } from './cookie-jar.ts'

export type SiteRelation = 'none' | 'same-origin' | 'same-site' | 'cross-site'

/** As browsers do for names outside the public suffix list; `alice.localhost` and `app.localhost` are two sites. */
const siteOf = ({ protocol, hostname }: URL): string =>
  `${protocol}//${hostname.split('.').slice(-2).join('.')}`

export function relationOf(from: string, to: string): Exclude<SiteRelation, 'none'> {
  const [a, b] = [new URL(from), new URL(to)]
  if (a.origin === b.origin) return 'same-origin'
  return siteOf(a) === siteOf(b) ? 'same-site' : 'cross-site'
}

const RANK: SiteRelation[] = ['none', 'same-origin', 'same-site', 'cross-site']

/** The most distant relation over all URLs of a redirect chain; `none` when a person typed the address. */
export function relationOver(initiator: string | undefined, urls: readonly string[]): SiteRelation {
  if (initiator === undefined) return 'none'
  return urls
    .map((url): SiteRelation => relationOf(initiator, url))
    .reduce((worst, next) => (RANK.indexOf(next) > RANK.indexOf(worst) ? next : worst), 'same-origin')
}

export interface RequestFacts {
  kind: 'navigate' | 'fetch'
  method: string
  /** Origin of the page that asks, if one does. */
  initiator: string | undefined
  /** The URLs asked so far, the present one last. */
  urls: readonly string[]
}

const SAFE = new Set(['GET', 'HEAD'])

/** Header names in lower case. `Origin` becomes `null` once a redirect between two other origins lies behind. */
export function metadataHeaders({ kind, method, initiator, urls }: RequestFacts): Record<string, string> {
  const site = relationOver(initiator, urls)
  const headers: Record<string, string> = { 'sec-fetch-site': site }
  if (kind === 'navigate') {
    Object.assign(headers, {
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      'sec-fetch-user': '?1',
      'upgrade-insecure-requests': '1',
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    })
  } else {
    Object.assign(headers, { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', accept: '*/*' })
  }
  const crossOriginFetch = kind === 'fetch' && site !== 'same-origin'
  if (initiator !== undefined && (crossOriginFetch || !SAFE.has(method))) {
    const strayed = urls.slice(0, -1).some((url, at) => {
      const next = urls[at + 1] ?? url
      return relationOf(url, next) !== 'same-origin' && relationOf(initiator, url) !== 'same-origin'
    })
    headers.origin = strayed ? 'null' : new URL(initiator).origin
  }
  return headers
}

export function cookieContext({ kind, method, initiator, urls }: RequestFacts): RequestContext {
  const url = urls.at(-1) ?? ''
  const sameSite = initiator === undefined || relationOf(initiator, url) !== 'cross-site'
  return { sameSite, topLevelGet: kind === 'navigate' && SAFE.has(method) }
}
