/** Upgrades as administrators begin, watch, stop and take them back. One is under way at a time. */
import { newId, type RolloutView, type StartUpgrade, type UpgradesView } from '@matrixos/shared'
import type { Caller } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database, DbOrTx } from '../../db/database.ts'
import { AppError } from '../../errors.ts'
import type { NewRollout, Rollout, RolloutStore } from './store.ts'

/** Of those before. */
const MOST_SHOWN = 10

export interface UpgradesOptions {
  db: Database['db']
  store: RolloutStore
  /** What the environment says that computers are made of. */
  imageSet: string
  audit: Audit
  clock: Clock
}

export type Upgrades = Awaited<ReturnType<typeof createUpgrades>>

export async function createUpgrades({ db, store, imageSet, audit, clock }: UpgradesOptions) {
  let image = await imageNow()

  /** Of the last upgrade that is done, unless the operator has named another image since. */
  async function imageNow(by?: DbOrTx): Promise<string> {
    const [last] = (await store.latest(MOST_SHOWN, by)).filter(({ state }) => state === 'done')
    return last?.imageSet === imageSet ? last.image : imageSet
  }

  async function viewOf(rollout: Rollout, startedBy: string | null, isLast: boolean): Promise<RolloutView> {
    const { id, kind, state, reason, trial } = rollout
    const [counts, failed] = await Promise.all([store.counts(id), store.failed(id)])
    const has = counts.trying + counts.lazy + counts.done
    return {
      ...{ id, kind, image: rollout.image, state, reason, trial, counts, failed, startedBy },
      startedAt: rollout.startedAt.toISOString(),
      endedAt: rollout.endedAt?.toISOString() ?? null,
      canStop: isLast && state !== 'stopped' && (state === 'running' || counts.lazy > 0),
      canRollBack: isLast && kind === 'upgrade' && has > 0,
    }
  }

  async function view(): Promise<UpgradesView> {
    const [rows, images] = await Promise.all([store.latest(MOST_SHOWN), store.images()])
    // All at once: one that failed while another was waited for would end the process.
    const [now, ...views] = await Promise.all([
      imageNow(),
      ...rows.map((row, at) => viewOf(row, row.startedByHandle, at === 0)),
    ])
    return { image: now, images, rollouts: views }
  }

  /** Alone, and in one transaction with its line in the audit log. */
  const change = (work: (tx: DbOrTx) => Promise<void>): Promise<void> =>
    db.transaction(async (tx) => {
      await store.lock(tx)
      await work(tx)
    })

  const entry = ({ principal, request }: Caller, target: string) => ({
    ...{ actor: principal.userId, target, address: request.address },
  })

  async function begin(tx: DbOrTx, rollout: Omit<NewRollout, 'trialId' | 'imageSet'>): Promise<Rollout> {
    const made = await store.insert(tx, { ...rollout, trialId: newId('ins', clock), imageSet })
    await store.supersede(tx, made.id)
    return made
  }

  async function lastOf(id: number, tx: DbOrTx): Promise<Rollout> {
    const [last] = await store.latest(1, tx)
    if (last?.id === id) return last
    throw new AppError('conflict', 'Another upgrade was begun meanwhile. Reload the page.')
  }

  return {
    /** What computers are made of that are created now, as this process knows it. */
    image: (): string => image,
    async refresh(): Promise<void> {
      image = await imageNow()
    },
    isTrial: store.isTrial,
    view,

    /** Throws `conflict` while one is under way, `invalid_input` for the image that computers have. */
    start: (caller: Caller, input: StartUpgrade): Promise<void> =>
      change(async (tx) => {
        const [last] = await store.latest(1, tx)
        if (last?.state === 'running')
          throw new AppError('conflict', 'An upgrade is under way. Stop it before you begin another.')
        const before = await imageNow(tx)
        if (input.image === before)
          throw new AppError(
            'invalid_input',
            'Computers have this image already. Give each version a tag of its own, so that there is one to go back to.',
          )
        const startedBy = caller.principal.userId
        await begin(tx, { ...input, kind: 'upgrade', imageBefore: before, startedBy })
        const detail = { from: before, to: input.image }
        await audit.record({ ...entry(caller, input.image), action: 'upgrade_started', detail }, tx)
      }),

    /** Nothing else begins; those that sleep keep what they have. What is between two images goes on. */
    stop: (caller: Caller, id: number): Promise<void> =>
      change(async (tx) => {
        const { image: target } = await lastOf(id, tx)
        if (await store.end(id, 'stopped', null, tx))
          await audit.record({ ...entry(caller, target), action: 'upgrade_stopped' }, tx)
      }),

    /** All that got its image get back what they had, one after the other as well. */
    rollBack: (caller: Caller, id: number): Promise<void> =>
      change(async (tx) => {
        const taken = await lastOf(id, tx)
        if (taken.kind !== 'upgrade') throw new AppError('conflict', 'This was taken back before.')
        if (taken.state === 'running') await store.end(id, 'stopped', null, tx)
        const { imageBefore, atOnce, mostFailures, patienceS } = taken
        const made = await begin(tx, {
          ...{ kind: 'rollback', image: imageBefore, imageBefore: taken.image },
          ...{ atOnce, mostFailures, patienceS, startedBy: caller.principal.userId },
        })
        await store.enrolTakenBack(tx, made, taken)
        await audit.record({ ...entry(caller, taken.image), action: 'upgrade_taken_back' }, tx)
      }),
  }
}
