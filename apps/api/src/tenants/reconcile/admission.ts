/**
 * Whether the machine has memory for one more running instance. A start needs a reserve to remain, counts the starts
 * that have not taken their memory yet, and may put idle instances to sleep to make room.
 */
import { type ErrorBody, FIRST_PLAN, type InstanceId, nextAction } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { HostMemory } from '../../ports/host-memory.ts'
import type { InstanceCache } from '../cache.ts'
import type { PolicyOf } from '../policy.ts'
import type { InstanceRow } from '../store.ts'
import { trackSince } from './track-since.ts'

/** How long a start has not yet taken all the memory that it will. */
const GROWTH_MS = 5_000
/** Put to sleep at once for one wake. */
const MOST_EVICTED = 4
const WARN_EVERY_MS = 60_000

export interface AdmissionOptions {
  memory: HostMemory
  /** Bytes that must remain; `null`: whatever is asked for is started. */
  reserveBytes: number | null
  /** What an instance is taken to need is what it is promised under pressure. */
  policyOf: PolicyOf
  cache: Pick<InstanceCache, 'all' | 'onChange'>
  /** Puts up to that many of the longest idle instances to sleep. */
  makeRoom: (count: number) => Promise<void>
  clock: Pick<Clock, 'monotonic'>
  log: Log
}

export type Admission = ReturnType<typeof createAdmission>

/** Why an instance waits, as its owner reads it. */
export const WAITS_FOR_MEMORY: ErrorBody = {
  code: 'capacity',
  message:
    'The server is short of memory right now. Your computer starts automatically as soon as there is room.',
  retryAfterS: 5,
}

/** Why a new instance is not started at once. */
export const BEGINS_ASLEEP: ErrorBody = {
  code: 'capacity',
  message:
    'The server was short of memory when your computer was created, so it is asleep. Open it or wake it to start it.',
}

const isInMemory = ({ observed }: InstanceRow) => observed === 'running' || observed === 'paused'

export function createAdmission(options: AdmissionOptions) {
  const { memory, reserveBytes, policyOf, cache, clock, log } = options
  const startBytes = (row: Pick<InstanceRow, 'plan'>): number => policyOf(row).limits.memoryReservationBytes
  /** Admitted by this process, and when: their rows may not say so yet. */
  const admitted = new Map<InstanceId, { at: number; bytes: number }>()
  let warnedAt = Number.NEGATIVE_INFINITY
  const runningSince = trackSince({
    cache,
    clock,
    tracked: ({ observed }) => (observed === 'running' ? observed : null),
    initially: Number.NEGATIVE_INFINITY,
  })

  if (reserveBytes !== null && memory.unknownBecause !== null) {
    log.warn({ because: memory.unknownBecause }, 'free memory unknown: instances start without checking it')
  }

  /** Starts whose memory is not in the kernel's figure yet, with the bytes that each will take. */
  function growing(): Map<InstanceId, number> {
    const since = clock.monotonic() - GROWTH_MS
    for (const [id, { at }] of admitted) if (at < since) admitted.delete(id)
    const bytesOf = new Map([...admitted].map(([id, { bytes }]) => [id, bytes]))
    const began = runningSince()
    for (const row of cache.all()) {
      const isNew = row.observed === 'starting' || (began.get(row.id) ?? Number.NEGATIVE_INFINITY) > since
      if (isNew) bytesOf.set(row.id, startBytes(row))
    }
    return bytesOf
  }

  /** Bytes that are missing for one more start; at most 0: it fits. */
  async function missingBytes(row: Pick<InstanceRow, 'plan'> & { id?: InstanceId }): Promise<number> {
    if (reserveBytes === null) return 0
    const available = await memory.availableBytes()
    if (available === null) return 0
    const others = growing()
    if (row.id) others.delete(row.id)
    const taken = others.values().reduce((sum, bytes) => sum + bytes, 0)
    return reserveBytes + taken + startBytes(row) - available
  }

  /** Each that goes to sleep is taken to leave `bytes` behind. */
  async function evict(missing: number, bytes: number): Promise<void> {
    const leaving = [...cache.all()].filter(
      (row) =>
        (row.desired !== 'awake' && nextAction(row) === 'stop') ||
        (isInMemory(row) && row.closingAt !== null),
    )
    const needed = Math.ceil(missing / bytes)
    // Where even all of them would not be enough, nobody is put to sleep for nothing.
    if (needed > [...cache.all()].filter(isInMemory).length) {
      warnOfShortage(missing)
      return
    }
    const count = Math.min(MOST_EVICTED, needed - leaving.length)
    if (count > 0) await options.makeRoom(count)
  }

  function warnOfShortage(missing: number): void {
    const now = clock.monotonic()
    if (now - warnedAt < WARN_EVERY_MS) return
    warnedAt = now
    log.warn({ missingBytes: missing }, 'not enough memory for a start, even with every instance asleep')
  }

  return {
    /** Whether a new one could start now. */
    hasRoom: async (): Promise<boolean> => (await missingBytes({ plan: FIRST_PLAN })) <= 0,

    /** Takes room for a start; `false`: there is none yet. For a visitor, room is made. */
    async admit(row: Pick<InstanceRow, 'id' | 'plan'>, isVisited: boolean): Promise<boolean> {
      const missing = await missingBytes(row)
      const bytes = startBytes(row)
      if (missing <= 0) {
        admitted.set(row.id, { at: clock.monotonic(), bytes })
        return true
      }
      if (isVisited) await evict(missing, bytes)
      return false
    },
  }
}
