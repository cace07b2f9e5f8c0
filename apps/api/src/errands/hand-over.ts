/**
 * Hands something to an instance, awake or not: wakes it without counting that as somebody's use, and resolves when the
 * instance has taken it.
 */
import { request } from 'node:http'
import {
  type Hosts,
  INSTANCE_HEADERS,
  type InstanceId,
  type InstanceRole,
  isLeaving,
  PLATFORM_API,
} from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import type { TenantService } from '../tenants/service.ts'
import type { TokenSubject } from '../tenants/spec.ts'
import type { InstanceRow } from '../tenants/store.ts'
import type { ErrandStore } from './store.ts'

const WAKE_WITHIN_MS = 60_000
const ANSWER_WITHIN_MS = 15_000
const LONGEST_ANSWER = 4_096
const ROLE: InstanceRole = 'platform'
const SHARE_IS_USED = 'The computer was kept awake for messages and schedules for as long as an hour allows.'

export interface HandOverOptions {
  hosts: Hosts
  tenants: Pick<TenantService, 'ensureAwake' | 'waitFor'>
  cache: Pick<InstanceCache, 'get'>
  /** The bearer of images that want one. */
  tokenOf: (row: TokenSubject) => string
  clock: Pick<Clock, 'now'>
  errands: Pick<ErrandStore, 'begin' | 'retract'>
  wakeWithinMs?: number
}

/** `refused`: it is there, and will never take it: an image that knows nothing of this, or something it cannot read. */
export type Outcome = { kind: 'taken' } | { kind: 'refused'; words: string }

/** Rejects when it has to be tried again. `what`: the path below `PLATFORM_API`. */
export type HandOver = (
  id: InstanceId,
  what: 'messages' | 'schedules' | 'matrix',
  body: object,
  signal: AbortSignal,
) => Promise<Outcome>

const isAwake = (row: InstanceRow): boolean =>
  row.observed === 'running' && row.desired === 'awake' && row.address !== null && row.closingAt === null

export function createHandOver(options: HandOverOptions): HandOver {
  const { hosts, tenants, cache, tokenOf, errands, clock, wakeWithinMs = WAKE_WITHIN_MS } = options

  /** What is waited for in vain would keep others from being woken. */
  const isHopeless = (row: InstanceRow): boolean =>
    row.isSuspended ||
    isLeaving(row.desired) ||
    (row.observed === 'failed' && (row.nextAttemptAt?.getTime() ?? 0) > clock.now())

  async function awake(id: InstanceId, hasTime: boolean, signal: AbortSignal): Promise<InstanceRow> {
    const present = cache.get(id)
    if (!hasTime && present && isAwake(present)) return present
    if (!hasTime) throw new Error(SHARE_IS_USED)
    await tenants.ensureAwake(id, { isUse: false })
    const row = await tenants.waitFor(
      id,
      (now) => isAwake(now) || isHopeless(now),
      AbortSignal.any([signal, AbortSignal.timeout(wakeWithinMs)]),
    )
    if (row && !isHopeless(row)) return row
    const { observed, error } = cache.get(id) ?? {}
    throw new Error(`The computer did not wake in time (${error?.code ?? observed ?? 'gone'}).`)
  }

  async function hand(row: InstanceRow, what: string, body: object, signal: AbortSignal): Promise<Outcome> {
    const { address } = row
    if (!address) throw new Error('An awake instance has an address.')
    const bearer = address.trust === 'bearer' ? { authorization: `Bearer ${tokenOf(row)}` } : {}
    const { status, text } = await post({
      ...{ host: address.host, port: address.gatewayPort, path: `${PLATFORM_API}/${what}`, signal },
      headers: {
        ...bearer,
        [INSTANCE_HEADERS.role]: ROLE,
        'x-forwarded-host': new URL(hosts.instanceOrigin(row.handle)).host,
      },
      body: JSON.stringify(body),
    })
    if (status >= 200 && status < 300) return { kind: 'taken' }
    if (status >= 400 && status < 500 && status !== 408 && status !== 429)
      return {
        kind: 'refused',
        words: `The computer refused it with ${status}. ${text}`.slice(0, 300).trim(),
      }
    throw new Error(`The computer answered with ${status}.`)
  }

  return async (id, what, body, signal) => {
    // First: what is awake for nobody would be put to sleep again at once.
    const begun = await errands.begin(id)
    let isTaken = false
    try {
      const row = await awake(id, begun !== null, signal)
      const outcome = await hand(row, what, body, signal)
      isTaken = outcome.kind === 'taken'
      return outcome
    } finally {
      // Nobody says that it is done: it would stay awake for nothing, and be woken for it again.
      if (begun && !isTaken) await errands.retract(id, begun)
    }
  }
}

interface Post {
  host: string
  port: number
  path: string
  headers: Record<string, string>
  body: string
  signal: AbortSignal
}

function post({ headers, body, signal, ...to }: Post): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({
      ...{ ...to, method: 'POST', agent: false },
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        if (text.length < LONGEST_ANSWER) text += chunk
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.end(body)
  })
}
