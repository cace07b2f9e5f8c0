/**
 * How many calls the engine is given at once: a lane for each kind of work, so that a slow one holds up only its own
 * kind, and a second pair of lanes for background work, so that a visitor never waits behind it.
 */
import type { Action, InstanceId } from '@matrixos/shared'
import PQueue from 'p-queue'

/** Deletions move the most data, and nobody waits for them. */
const REMOVALS = 2

export interface LaneRequest {
  id: InstanceId
  action: Action
  /** Whether somebody waits for it. */
  isVisited: boolean
}

export type Lanes = ReturnType<typeof createLanes>

/** `concurrency`: calls at once in each lane; background lanes have half of it. */
export function createLanes(concurrency: number) {
  const lane = (width: number) => new PQueue({ concurrency: Math.max(1, Math.floor(width)) })
  const lanes: Record<Action, PQueue> = {
    create: lane(concurrency),
    start: lane(concurrency),
    pause: lane(concurrency / 2),
    stop: lane(concurrency),
    archive: lane(concurrency),
    restore: lane(concurrency),
    remove: lane(Math.min(REMOVALS, concurrency)),
  }
  const background: Partial<Record<Action, PQueue>> = {
    create: lane(concurrency / 2),
    start: lane(concurrency / 2),
    // Each reads a whole home. Whoever is visited meanwhile does not wait for its turn.
    archive: lane(1),
  }
  const queued = new Map<InstanceId, AbortController>()

  return {
    /** Resolves with what `work` does, once its turn has come. */
    async run<T>({ id, action, isVisited }: LaneRequest, work: () => Promise<T>): Promise<T> {
      const slow = isVisited ? undefined : background[action]
      if (!slow) return await lanes[action].add(work)
      const promoted = new AbortController()
      queued.set(id, promoted)
      const begin = () => {
        queued.delete(id)
        return work()
      }
      try {
        return await slow.add(begin, { signal: promoted.signal })
      } catch (error) {
        if (!promoted.signal.aborted) throw error
        return await lanes[action].add(work)
      }
    },

    /** Somebody waits for this instance now: its work leaves the background queue. What has begun goes on. */
    promote(id: InstanceId): void {
      queued.get(id)?.abort()
      queued.delete(id)
    },
  }
}
