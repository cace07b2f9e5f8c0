/** Which headers pass the edge, in which direction: the one list that both drivers follow. */
import { CHECK_RESPONSE_HEADERS, INSTANCE_HEADERS, PLATFORM_COOKIE_PREFIX } from '@matrixos/shared'

/**
 * Families that only the platform may set. Servers that fold `_` and `-` into one would take the look-alike for the
 * real one, so every mixture goes.
 */
const FAMILIES = ['X-Mos-', 'X-Platform-', 'X-Forwarded-']

/** Every spelling of a name with `_` and `-`. */
const mixtures = (name: string): string[] =>
  name
    .split('-')
    .reduce<string[]>(
      (spellings, part, i) =>
        i === 0 ? [part] : spellings.flatMap((start) => [`${start}-${part}`, `${start}_${part}`]),
      [],
    )

/** Families of client headers to delete: name prefixes with a trailing `*`, and whole names. */
export const DROPPED_FROM_CLIENTS: readonly string[] = [
  ...FAMILIES.flatMap(mixtures).map((prefix) => `${prefix}*`),
  'Forwarded',
  ...mixtures('X-Real-Ip'),
]

/** Hop-by-hop headers (RFC 9110, 7.6.1), which end at each proxy. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What the final proxy sets, and the header of the gate's answer that it takes it from. An empty one goes. */
export const IDENTITY: ReadonlyArray<{ name: string; from: string }> = [
  { name: INSTANCE_HEADERS.user, from: CHECK_RESPONSE_HEADERS.user },
  { name: INSTANCE_HEADERS.role, from: CHECK_RESPONSE_HEADERS.role },
  { name: INSTANCE_HEADERS.app, from: CHECK_RESPONSE_HEADERS.app },
  { name: INSTANCE_HEADERS.permissions, from: CHECK_RESPONSE_HEADERS.permissions },
  { name: 'authorization', from: CHECK_RESPONSE_HEADERS.authorization },
  { name: INSTANCE_HEADERS.platformUserId, from: CHECK_RESPONSE_HEADERS.platformUserId },
  { name: INSTANCE_HEADERS.platformVerified, from: CHECK_RESPONSE_HEADERS.platformVerified },
]

/** Headers of a request that mean nothing, or the wrong thing, in the question to the gate. */
export const DROPPED_FROM_QUESTION = ['connection', 'upgrade', 'expect', 'content-length', 'content-type']

/* Patterns in the dialect that RE2 and JavaScript share; all are to be read without regard to case. */

/**
 * Replacements, in this order and with regard to case, that leave nothing but platform cookies in a `Cookie` header:
 * each of them is marked with a byte that no header can hold, and what is not marked goes.
 */
export const KEEP_PLATFORM_COOKIES: ReadonlyArray<{ search: string; replace: string }> = [
  { search: `(?:^|;)[ \\t]*(${PLATFORM_COOKIE_PREFIX}[^;]*)`, replace: '\u0001$1' },
  { search: '^[^\u0001]+|;[^\u0001]*', replace: '' },
  { search: '^\u0001', replace: '' },
  { search: '\u0001', replace: '; ' },
]
/** One platform cookie in a `Cookie` header, with the separator before it. */
export const PLATFORM_COOKIE_PATTERN = `(?:^|;)\\s*${PLATFORM_COOKIE_PREFIX}[^;]*`
/** The separator left in front when the first cookie was taken out. */
export const LEADING_SEPARATOR_PATTERN = '^\\s*;\\s*'
/** A `Cookie` header in which nothing but platform cookies is. */
export const ONLY_PLATFORM_COOKIES_PATTERN = `^(?:\\s*(?:${PLATFORM_COOKIE_PREFIX}[^;,]*)?;)*\\s*(?:${PLATFORM_COOKIE_PREFIX}[^;,]*)?$`
/**
 * A `Set-Cookie` that an instance may not send: a platform name (also behind the `=` of a nameless cookie, which
 * browsers send back as if it were the name), or one that other hosts would receive.
 */
export const REFUSED_SET_COOKIE_PATTERN = `^(?:[\\s=]*${PLATFORM_COOKIE_PREFIX}.*|[^;]*;(?:[^;]*;)*\\s*domain\\s*(?:[=;].*)?)$`

/** Who may show these pages in a frame: besides themselves, whom the gate's answer names, and nobody else. */
export const framePolicy = (ancestor: string): string => `frame-ancestors 'self' ${ancestor}`
