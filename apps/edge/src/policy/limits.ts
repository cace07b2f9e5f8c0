/** Limits on requests, in both drivers. Responses may take as long, and be as large, as they like. */

export interface Limits {
  /** Milliseconds for a request's headers to arrive. */
  headersMs: number
  /**
   * Milliseconds for the whole of a request to the platform itself; with Caddy, for the first bytes of the answer
   * too. Uploads to instances have none.
   */
  platformRequestMs: number
  /** Milliseconds until a service of the platform begins its answer; more than the gate holds a request. */
  platformAnswerMs: number
  /** Milliseconds for the rest of a body that nobody wants any more; its sender may still read the answer. */
  lingerMs: number
  /** Bytes of the body of a request to the platform itself. */
  platformBodyBytes: number
  /**
   * Connections that one network address (the /64 of an IPv6 one) may have open, and requests of one behind a trusted
   * proxy. Caddy has no such limit: there the host's firewall has it (`deploy/host`).
   */
  connectionsPerNetwork: number
  /** Requests, streams and WebSockets of apps' guests that may be open to one instance: of one network, and in all. */
  guestsPerNetwork: number
  guestsPerInstance: number
  /** Bytes of a request's cookies, to whatever host. Any page can set them for all of its registrable domain. */
  cookieBytes: number
  /** Bytes of a request's line and headers, without its cookies. Caddy cannot add them up, so it limits the whole. */
  headerBytes: number
  /** Requests with more than `headerBytes`, cookies included, that one network may have at once. Not with Caddy. */
  largeHeadersPerNetwork: number
}

export const LIMITS: Limits = {
  headersMs: 15_000,
  platformRequestMs: 60_000,
  platformAnswerMs: 60_000,
  lingerMs: 5000,
  platformBodyBytes: 1_048_576,
  connectionsPerNetwork: 512,
  guestsPerNetwork: 100,
  guestsPerInstance: 400,
  cookieBytes: 524_288,
  headerBytes: 65_536,
  largeHeadersPerNetwork: 32,
}

/** What a service needs for an answer that it holds back for `holdS`. */
export const answerMsFor = (holdS: number): number =>
  Math.max(LIMITS.platformAnswerMs, Math.round(holdS * 1000) + 30_000)
