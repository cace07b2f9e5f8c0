/**
 * Deadlines in Caddy's configuration. Its `request_body` sets those of the connection, from the handler on. When the
 * one for reading has passed, the proxy either fails, which an error route answers, or takes the client for gone, and
 * then Go answers 200 of its own accord. So the one for writing comes first: that answer never arrives, and the
 * connection ends.
 */

import type { Limits } from '../../../policy/limits.ts'
import type { CaddyRoute, Handler } from './types.ts'

const NS_PER_MS = 1_000_000
/** `request_body` can set a deadline, and not take one away. */
const NEVER_MS = 100 * 86_400_000
/** Enough for Caddy to come to its empty answer. */
const BEFORE_MS = 100

const deadline = (readMs: number, writeMs: number): Handler => ({
  handler: 'request_body',
  read_timeout: readMs * NS_PER_MS,
  write_timeout: writeMs * NS_PER_MS,
})

const withBody = [
  { header_regexp: { 'Content-Length': { pattern: '[1-9]' } } },
  { header_regexp: { 'Transfer-Encoding': { pattern: '.' } } },
]
const http2 = { protocol: 'http/2+' }

const only = (match: Array<Record<string, unknown>>, ...handle: Handler[]): Handler => ({
  handler: 'subroute',
  routes: [{ match, handle }],
})

/**
 * For a request to the platform itself, before it is proxied. Not for one without a body: with HTTP/1 Caddy goes on
 * listening for the client to go away, and takes the deadline for that. With HTTP/2 it does not, and nothing tells
 * whether a body comes.
 */
export const bodyDeadline = ({ platformRequestMs }: Limits): Handler =>
  only([...withBody, http2], deadline(platformRequestMs, platformRequestMs - BEFORE_MS))

/** Before an answer of the edge itself: Caddy reads what is left of a body first, or after it. */
export const lingerBriefly = ({ lingerMs }: Limits): Handler => deadline(lingerMs, NEVER_MS)

/**
 * For what a proxy does with the answer to such a request, which may take as long as it likes. A service may answer
 * before it has read the body: the placeholder reads the rest within `lingerMs`, or closes it, and only then is there
 * no deadline any more. It is looked at and kept nowhere: a connection that was begun for this request may read the
 * request's variables at any time, and Caddy ends as a whole when they are written meanwhile.
 */
export const answerWithoutDeadline = (limits: Limits): Array<Record<string, unknown>> => [
  {
    routes: [
      {
        handle: [
          only(withBody, lingerBriefly(limits), only([{ vars: { '{http.request.body}': ['read'] } }])),
          deadline(NEVER_MS, NEVER_MS),
          { handler: 'copy_response' },
        ],
      },
    ],
  },
]

/** For an answer that does not let the body through: the connection ends, instead of waiting for the rest of it. */
export const endAfterAnswer = (limits: Limits): Handler =>
  only(
    withBody.map((match) => ({ ...match, not: [http2] })),
    lingerBriefly(limits),
    { handler: 'headers', response: { set: { Connection: ['close'] } } },
  )

/** Routes for when something failed on the way. */
export const lingering = (limits: Limits, routes: CaddyRoute[]): CaddyRoute[] => [
  { handle: [lingerBriefly(limits)] },
  ...routes,
]
