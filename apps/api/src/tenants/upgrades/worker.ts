/**
 * Drives the last upgrade that was begun, from one api process at a time. All that it knows is in rows: whoever takes over
 * after a kill goes on from there, and the reconciler brings each instance that is under way to an end by itself.
 */
import { isDatabaseAway, toAppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { InstanceCache } from '../cache.ts'
import type { InstanceRow } from '../store.ts'
import type { UpgradeInstanceStore } from './instance-store.ts'
import { patientLimitOf, startLimitOf } from './start-limit.ts'
import type { Rollout, RolloutStore } from './store.ts'
import type { Trial } from './trial.ts'
import { createTurns, type TurnsOptions } from './turns.ts'

/** What has run for this long with its next image keeps it. */
const SETTLE_MS = 10_000
const RENEW_MS = 3_000

export interface UpgradeWorkerOptions extends TurnsOptions {
  store: RolloutStore
  instances: UpgradeInstanceStore
  cache: Pick<InstanceCache, 'publish' | 'get'>
  trial: Trial
  processId: string
  /** Told of the image that new computers are made of, when that may have changed. */
  changed: () => Promise<void>
  settleMs?: number
  log: Log
}

/** Looks without an upgrade under way are this many times rarer. */
const IDLE_FACTOR = 5

export function createUpgradeWorker(options: UpgradeWorkerOptions) {
  const { store, instances, cache, trial, rehearsals, processId, log, settleMs = SETTLE_MS } = options
  const turns = createTurns(options)
  const closing = new AbortController()
  let looks = 0
  const publish = (rows: InstanceRow[]) => {
    for (const row of rows) cache.publish(row)
  }

  async function stop(rollout: Rollout, reason: string): Promise<void> {
    log.warn({ rollout: rollout.id, image: rollout.image, reason }, 'upgrade stopped')
    await store.end(rollout.id, 'stopped', reason)
    await windDown(rollout)
  }

  /** Of one that has stopped: those that wait, or sleep, keep what they have. */
  async function windDown({ id }: Rollout): Promise<void> {
    const { waiting, lazy } = await store.counts(id)
    if (waiting + lazy === 0) return
    await store.skipWaiting(id)
    publish(await instances.takeBackLazy(id))
  }

  /** Holds the lease meanwhile, and gives up when it is lost or the upgrade is over. */
  async function runTrial(rollout: Rollout): Promise<void> {
    const over = new AbortController()
    const renew = async () => {
      const now = await store.lease(rollout.id, processId)
      if (now?.state !== 'running') over.abort()
    }
    const timer = setInterval(() => void renew().catch(() => undefined), RENEW_MS)
    await store.setTrial(rollout.id, 'running')
    try {
      const result = await trial.run(
        rollout.trialId,
        rollout.image,
        AbortSignal.any([over.signal, closing.signal]),
      )
      await store.setTrial(rollout.id, 'passed', result)
    } catch (error) {
      if (closing.signal.aborted || over.signal.aborted) return
      // Nobody's fault: it is tried again.
      if (isDatabaseAway(error) || toAppError(error).code === 'engine_down') throw error
      await store.setTrial(rollout.id, 'failed')
      await stop(rollout, failureText(error))
    } finally {
      clearInterval(timer)
    }
  }

  async function begin(rollout: Rollout, most: number): Promise<void> {
    const { id: rolloutId, patienceS } = rollout
    // What was running before an upgrade has run with the image that it gives back.
    const isRehearsed = rollout.kind === 'upgrade' && rollout.runsClosed
    const wanted = most + rehearsals.known()
    let left = most
    for (const candidate of await instances.candidates(rolloutId, patienceS * 1000, wanted)) {
      if (left === 0) return
      if (isRehearsed) {
        const next = await turns.of(candidate, rollout)
        if (next === 'rehearse') left--
        if (next !== 'switch') continue
      }
      const limitOf = rehearsals.hasPassed(candidate.instanceId) ? patientLimitOf : startLimitOf
      const startLimitMs = limitOf(rollout)
      rehearsals.forget(candidate.instanceId)
      const row = await instances.begin(candidate, { rolloutId, startLimitMs })
      if (!row) continue
      left--
      log.info({ instance: row.id, handle: row.handle, image: row.image }, 'upgrading')
      cache.publish(row)
    }
  }

  async function advance(rollout: Rollout): Promise<void> {
    rehearsals.serve(rollout.id)
    await turns.spareFailed(rollout)
    const before = await store.counts(rollout.id)
    if (before.rolled_back >= rollout.mostFailures) {
      const many = before.rolled_back === 1 ? '1 computer' : `${before.rolled_back} computers`
      return await stop(rollout, `${many} did not run with this image, and kept the one before.`)
    }
    if (rollout.state === 'done') return
    if (rollout.kind === 'upgrade') await store.enrol(rollout)
    const free = rollout.atOnce - before.trying - rehearsals.underWay()
    if (free > 0) await begin(rollout, free)
    const now = await store.counts(rollout.id)
    // Those that sleep come once one that was awake has shown that the image serves.
    if ((now.trying === 0 && rehearsals.underWay() === 0) || now.done > 0)
      publish(await instances.beginLazily(rollout.id))
    const left = await store.counts(rollout.id)
    if (left.waiting > 0 || left.trying > 0) return
    // New computers are made from what an upgrade has brought: not from what nobody could run.
    if (left.rolled_back > 0 && left.done + left.lazy === 0)
      return await stop(rollout, 'No computer ran with this image: all kept the one before.')
    if (await store.end(rollout.id, 'done', null)) {
      log.info({ rollout: rollout.id, image: rollout.image, ...left }, 'upgrade done')
      await options.changed()
    }
  }

  return {
    /** A step of the last upgrade, if there is one to take here. */
    async tick(): Promise<void> {
      const [last] = await store.latest(1)
      if (last?.state !== 'running') rehearsals.cancel()
      if (last?.state !== 'running' && looks++ % IDLE_FACTOR > 0) return
      publish(await instances.settle(settleMs))
      await options.changed()
      if (!last || !((await store.isOpen(last.id)) || (await rehearsals.hasLeft()))) return
      const rollout = await store.lease(last.id, processId)
      if (!rollout) return rehearsals.cancel()
      await rehearsals.clearLeft()
      await store.look(rollout.id)
      if (rollout.state === 'stopped') {
        if (rollout.trial === 'running') {
          await trial.clear(rollout.trialId)
          await store.setTrial(rollout.id, 'due')
        }
        return await windDown(rollout)
      }
      if (rollout.trial === 'passed') return await advance(rollout)
      if (rollout.trial !== 'failed') await runTrial(rollout)
    },

    async close(): Promise<void> {
      closing.abort()
      await rehearsals.close()
    },

    release: () => store.release(processId),
  }
}

const failureText = (error: unknown): string =>
  `The image was tried on its own, and did not pass. ${toAppError(error).message}`
