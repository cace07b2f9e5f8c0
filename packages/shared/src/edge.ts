/** What the api and the edge tell each other. The edge keeps nothing but what it can fetch. */
import { z } from 'zod'

/** One instance that has a route of its own. */
export const routeSchema = z.object({ handle: z.string() })
export type Route = z.infer<typeof routeSchema>

/**
 * A change of the route list; `reset` asks for the whole list again. `close_streams`: a session ended, so close the streams
 * that are open to this upstream (`host:port`); whoever may come back is let in again. `close_group`: the same for one group
 * alone, see `CHECK_RESPONSE_HEADERS`.
 */
export const routeChangeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('added'), handle: z.string() }),
  z.object({ type: z.literal('removed'), handle: z.string() }),
  z.object({ type: z.literal('close_streams'), upstream: z.string() }),
  z.object({ type: z.literal('close_group'), group: z.string() }),
  z.object({ type: z.literal('reset') }),
])
export type RouteChange = z.infer<typeof routeChangeSchema>

const countsSchema = z.record(z.string(), z.number().int().min(0))

/**
 * Requests in flight, open WebSockets and streams included, by upstream `host:port`. Absent: none. `grouped`: those of
 * groups, which `counts` leaves out.
 */
export const inFlightReportSchema = z.object({ counts: countsSchema, grouped: countsSchema.optional() })
export type InFlightReport = z.infer<typeof inFlightReportSchema>

/** The gate's answer that lets a request through. Every other is for the client as it is, pages of 200 among them. */
export const ADMITTED_STATUS = 204

/**
 * Headers of the gate's answer that admits, every one always there (an empty string where it has no value), and what the
 * edge's final proxy sets them to.
 */
export const CHECK_RESPONSE_HEADERS = {
  /** `host:port` to proxy to. */
  upstream: 'x-mos-upstream',
  user: 'x-mos-user',
  role: 'x-mos-role',
  app: 'x-mos-app',
  permissions: 'x-mos-permissions',
  /** `Bearer …` towards the instance. */
  authorization: 'x-mos-authorization',
  platformUserId: 'x-mos-platform-user-id',
  platformVerified: 'x-mos-platform-verified',
  /** The origin that may show these pages in a frame, besides their own. */
  frameAncestor: 'x-mos-frame-ancestor',
  /** Of those who are let in together and can be ended together, without anybody else at that upstream: an app's guests. */
  group: 'x-mos-group',
} as const

/** Headers of the edge's question to the gate, beside the client's own. */
export const CHECK_REQUEST_HEADERS = {
  method: 'x-forwarded-method',
  uri: 'x-forwarded-uri',
  /** `websocket` for a WebSocket's opening request, else empty. */
  upgrade: 'x-mos-upgrade',
  /** `1` when the upstream of an earlier answer could not be reached. */
  failed: 'x-mos-failed',
} as const

export const GATE_PATH = '/gate'
/** Cookies that never reach an instance, and that it can never set. */
export const PLATFORM_COOKIE_PREFIX = '__Host-mos_'

/**
 * Bytes of a request's line and headers that the edge reads: more than all cookies that a browser keeps for one
 * registrable domain (Chromium, Firefox: 180 of 4 kB), so that it can answer with a page whatever they are.
 */
export const EDGE_HEADER_BYTES = 1_048_576
/** What services behind the edge take, so that they never refuse what it let pass: it repeats the address in headers. */
export const SERVICE_HEADER_BYTES = 3 * EDGE_HEADER_BYTES
