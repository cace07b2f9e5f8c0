/**
 * Finds what the engine takes to run and what does not answer any more. Whoever misses three probes in a row is stopped
 * and started anew. An answer that comes late is an answer: a person's own work may keep a computer busy.
 */
import type { InstanceId } from '@matrixos/shared'
import pLimit from 'p-limit'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { InstanceAddress, Runtime } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'
import { servingContainer } from '../spec.ts'
import type { InstanceRow, TenantStore } from '../store.ts'

import { failureBody } from './failure-text.ts'
import { isHealthy } from './probe.ts'
import { LOG_LINES } from './ready.ts'
import { recordFailure } from './record-failure.ts'
import { trackSince } from './track-since.ts'

/** Probes in a row without an answer. */
const MOST_MISSED = 3
/** What answers this long before it hangs counts as having worked. */
const STABLE_MS = 10 * 60_000
/** Those that hang hold up the others of a round no longer than one probe. */
const CONCURRENCY = 32
/** When everything seems to hang at once, it is likely the machine: not all of it is started anew together. */
const MOST_PER_ROUND = 4

export interface HealthWatchOptions {
  store: Pick<TenantStore, 'observe'>
  cache: Pick<InstanceCache, 'all' | 'get' | 'onChange' | 'publish' | 'reloadOne'>
  runtime: Pick<Runtime, 'inspect' | 'logs'>
  /** For one probe, ms. */
  timeoutMs: number
  clock: Pick<Clock, 'monotonic'>
  log: Log
  /** `false`: no answer in time. */
  probe?: (address: InstanceAddress, options: { timeoutMs: number }) => Promise<boolean>
}

interface Missed {
  /** Of the row: what changed meanwhile begins anew. */
  version: number
  count: number
}

const isProbed = (row: InstanceRow): row is InstanceRow & { address: InstanceAddress } =>
  row.desired === 'awake' &&
  row.observed === 'running' &&
  row.address !== null &&
  row.leaseOwner === null &&
  row.closingAt === null

export function createHealthWatch(options: HealthWatchOptions) {
  const { store, cache, runtime, timeoutMs, clock, log, probe = isHealthy } = options
  const missed = new Map<InstanceId, Missed>()
  // What ran before this process did has run for as long as anyone knows.
  const upSince = trackSince({
    cache,
    clock,
    tracked: ({ observed }) => (observed === 'running' || observed === 'paused' ? 'up' : null),
    initially: clock.monotonic() - STABLE_MS,
  })

  function miss({ id, version }: InstanceRow): number {
    const before = missed.get(id)
    const count = before?.version === version ? before.count + 1 : 1
    missed.set(id, { version, count })
    return count
  }

  /** Whether it has missed so many probes that it hangs. */
  async function hangs(row: InstanceRow & { address: InstanceAddress }): Promise<boolean> {
    const answered = await probe(row.address, { timeoutMs })
    const isAsBefore = cache.get(row.id)?.version === row.version
    if (!answered && isAsBefore) return miss(row) >= MOST_MISSED
    missed.delete(row.id)
    return false
  }

  /** Stops it; the reconciler starts it again, or lets it rest when this has happened too often. */
  async function restart(row: InstanceRow): Promise<void> {
    const container = servingContainer(row)
    // Paused or ended meanwhile, perhaps by somebody else: then it owes no answer.
    if ((await runtime.inspect(container))?.status !== 'running') return
    const detail = await runtime.logs(container, LOG_LINES).catch(() => '')
    const ranMs = clock.monotonic() - (upSince().get(row.id) ?? clock.monotonic())
    const failures = ranMs < STABLE_MS ? row.failures + 1 : 1
    const error = failureBody(new AppError('instance_unhealthy', hungText(failures), { detail }))
    log.warn({ instance: row.id, handle: row.handle, failures }, 'instance hangs: restarting it')
    const stopping = { observed: 'stopping', step: null, address: null, nextAttemptAt: null } as const
    const written = await recordFailure(
      { ...stopping, failures, error },
      (what) => store.observe(row, what),
      (reason) => log.error({ err: reason, instance: row.id }, 'failed to record a failure'),
    )
    if (!cache.publish(written)) await cache.reloadOne(row.id)
    missed.delete(row.id)
  }

  return {
    /** One round: a probe of each that runs. */
    async check(): Promise<void> {
      const limit = pLimit(CONCURRENCY)
      const rows = [...cache.all()].filter(isProbed)
      const probed = new Set(rows.map(({ id }) => id))
      for (const id of missed.keys()) if (!probed.has(id)) missed.delete(id)
      const found = await Promise.all(rows.map((row) => limit(async () => ((await hangs(row)) ? [row] : []))))
      const hung = found.flat()
      if (hung.length > MOST_PER_ROUND)
        log.error({ hung: hung.length, running: rows.length }, 'many instances hang at once')
      for (const row of hung.slice(0, MOST_PER_ROUND)) await restart(row)
    },
  }
}

const hungText = (failures: number): string =>
  failures === 1
    ? 'It stopped responding and was restarted.'
    : `It keeps hanging: it stopped responding ${failures} times in a row, soon after each start.`
