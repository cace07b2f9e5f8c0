/** Header lists in Node's raw form (name, value, name, value …), so that order, case and repetitions survive. */
import { CHECK_REQUEST_HEADERS } from '@matrixos/shared'
import {
  DROPPED_FROM_CLIENTS,
  DROPPED_FROM_QUESTION,
  framePolicy,
  HOP_BY_HOP,
  IDENTITY,
  KEEP_PLATFORM_COOKIES,
  LEADING_SEPARATOR_PATTERN,
  PLATFORM_COOKIE_PATTERN,
  REFUSED_SET_COOKIE_PATTERN,
} from '../../policy/headers.ts'
import type { Client } from './client.ts'

export type RawHeaders = readonly string[]

const dropped = DROPPED_FROM_CLIENTS.map((name) => name.toLowerCase())
const isDropped = (name: string) =>
  dropped.some((drop) => (drop.endsWith('*') ? name.startsWith(drop.slice(0, -1)) : name === drop))

/** What frames an answer: a `Connection` header that lists these must not take them away. */
const FRAMING = new Set(['host', 'content-length'])

type Keep = (name: string, value: string) => string | null

/** Maps every value; `null` takes the header out. */
function filter(raw: RawHeaders, keep: Keep): string[] {
  const result: string[] = []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const value = keep((raw[i] ?? '').toLowerCase(), raw[i + 1] ?? '')
    if (value !== null) result.push(raw[i] ?? '', value)
  }
  return result
}

/** `names` in lower case. */
export const without = (raw: RawHeaders, names: readonly string[]): string[] =>
  filter(raw, (name, value) => (names.includes(name) ? null : value))

function withoutHops(raw: RawHeaders): string[] {
  const listed = new Set<string>()
  filter(raw, (name, value) => {
    if (name === 'connection') for (const token of value.split(',')) listed.add(token.trim().toLowerCase())
    return null
  })
  return filter(raw, (name, value) =>
    HOP_BY_HOP.has(name) || (listed.has(name) && !FRAMING.has(name)) ? null : value,
  )
}

export interface Origin extends Client {
  host: string
}

/** A client's headers as any service behind the edge gets them; what frames the body is for the sender to say. */
export function fromClient(raw: RawHeaders, origin: Origin): string[] {
  return [
    ...filter(withoutHops(raw), (name, value) =>
      isDropped(name) || name === 'content-length' ? null : value,
    ),
    ...['X-Forwarded-For', origin.address],
    ...['X-Forwarded-Proto', origin.protocol],
    ...['X-Forwarded-Host', origin.host],
  ]
}

const keptCookies = KEEP_PLATFORM_COOKIES.map(({ search, replace }) => ({
  pattern: new RegExp(search, 'g'),
  replace,
}))

/** `headers` are those of `fromClient`. */
export const toService = (headers: RawHeaders): string[] =>
  filter(headers, (name, value) => {
    if (name !== 'cookie') return value
    return keptCookies.reduce((left, { pattern, replace }) => left.replace(pattern, replace), value) || null
  })

/** The same for the homeserver, which has no use for cookies. */
export const toHomeserver = (headers: RawHeaders): string[] => without(headers, ['cookie'])

export interface Question {
  method: string
  uri: string
  webSocket: boolean
  failed: boolean
}

/** `headers` are those of `fromClient`. */
export function toGate(headers: RawHeaders, question: Question): string[] {
  return [
    ...filter(toService(headers), (name, value) => (DROPPED_FROM_QUESTION.includes(name) ? null : value)),
    ...[CHECK_REQUEST_HEADERS.method, question.method],
    ...[CHECK_REQUEST_HEADERS.uri, question.uri],
    ...[CHECK_REQUEST_HEADERS.upgrade, question.webSocket ? 'websocket' : ''],
    ...(question.failed ? [CHECK_REQUEST_HEADERS.failed, '1'] : []),
  ]
}

const platformCookie = new RegExp(PLATFORM_COOKIE_PATTERN, 'gi')
const leadingSeparator = new RegExp(LEADING_SEPARATOR_PATTERN)

/** `headers` are those of `fromClient`; `answer` reads a header of the gate's answer. */
export function toInstance(headers: RawHeaders, answer: (name: string) => string): string[] {
  const identity = new Set(IDENTITY.map(({ name }) => name))
  const passed = filter(headers, (name, value) => {
    if (identity.has(name) || name === 'expect') return null
    if (name !== 'cookie') return value
    return value.replace(platformCookie, '').replace(leadingSeparator, '') || null
  })
  const set = IDENTITY.map(({ name, from }) => [name, answer(from)]).filter(([, value]) => value !== '')
  return [...passed, ...set.flat()]
}

/** Headers of an answer of the platform itself. */
export const toClient = (raw: RawHeaders): string[] => withoutHops(raw)

const refusedSetCookie = new RegExp(REFUSED_SET_COOKIE_PATTERN, 'i')

/** Headers of an instance's answer. */
export function fromInstance(raw: RawHeaders, frameAncestor: string): string[] {
  const kept = filter(withoutHops(raw), (name, value) => {
    if (name === 'clear-site-data') return null
    return name === 'set-cookie' && refusedSetCookie.test(value) ? null : value
  })
  return [...kept, 'Content-Security-Policy', framePolicy(frameAncestor)]
}
