/**
 * Requests that nobody made on purpose: what browsers fetch by themselves and ahead of time, and programs that look at
 * links. They wake nothing, whoever is signed in, and are no use of what is awake.
 */
import { isbot } from 'isbot'
import type { CheckRequest } from './check-request.ts'

type Described = Pick<CheckRequest, 'uri' | 'headers'>

/** Icons and what says of a page how it can be installed, by the names that browsers and the reference instance have for them. */
const OWN_ACCORD =
  /^\/(fav|apple-touch-|mask-|ms)?icon[\w-]*\.(ico|png|svg)(\?|$)|^\/([\w-]*\.webmanifest|manifest\.json|browserconfig\.xml|robots\.txt)(\?|$)|^\/\.well-known\//i

/** Where they say what for: a manifest, or whether the page's worker has changed. */
const OWN_DESTINATIONS: unknown[] = ['manifest', 'serviceworker']

const PURPOSES = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const

const isAhead = ({ headers }: Described): boolean =>
  PURPOSES.some((name) => /prefetch|prerender|preview/i.test(String(headers[name] ?? '')))

export const hasFetchMetadata = ({ headers }: Pick<CheckRequest, 'headers'>): boolean =>
  headers['sec-fetch-mode'] !== undefined

/** What says of itself that it is a program: crawlers, previews of links, scripts. */
export const isProgram = ({ headers }: Pick<CheckRequest, 'headers'>): boolean => isbot(headers['user-agent'])

/** A browser that a program drives is somebody's all the same, and known by its fetch metadata. */
export const isIncidental = (check: Described): boolean =>
  OWN_ACCORD.test(check.uri) ||
  OWN_DESTINATIONS.includes(check.headers['sec-fetch-dest']) ||
  isAhead(check) ||
  (!hasFetchMetadata(check) && isProgram(check))
