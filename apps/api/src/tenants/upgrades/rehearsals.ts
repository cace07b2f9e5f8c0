/** The rehearsals of an upgrade, in the background: which are under way, and what came of the others. */
import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceId } from '@matrixos/shared'
import type { Log } from '../../log.ts'
import { type CopiesOptions, createCopies, type Rehearsing } from './copies.ts'
import type { Verdict } from './rehearsal.ts'

const CLOSE_MS = 5_000
/** Somebody may have changed much since. */
const COUNTS_MS = 600_000

export interface RehearsalsOptions extends CopiesOptions {
  log: Log
}

type Entry = { is: 'under way' } | { is: 'over'; verdict: Verdict; at: number }

export type Rehearsals = ReturnType<typeof createRehearsals>

export function createRehearsals(options: RehearsalsOptions) {
  const { clock, log } = options
  const copies = createCopies(options)
  /** By computer. */
  const entries = new Map<InstanceId, Entry>()
  const running = new Set<Promise<void>>()
  let over = new AbortController()
  let served: number | null = null

  async function rehearse(rehearsing: Rehearsing, signal: AbortSignal): Promise<void> {
    const { id: instance, handle } = rehearsing.original
    const verdict = await copies.decide(rehearsing, signal).catch((error: unknown): Verdict => {
      log.warn({ err: error, instance, handle }, 'a rehearsal was broken off; trying again')
      return { is: 'undecided' }
    })
    if (signal.aborted) return
    log.info({ instance, handle, image: rehearsing.image, ...verdict }, 'an upgrade was rehearsed')
    if (verdict.is === 'undecided') entries.delete(instance)
    else entries.set(instance, { is: 'over', verdict, at: clock.monotonic() })
  }

  function cancel(): void {
    over.abort()
    over = new AbortController()
    entries.clear()
  }

  return {
    /** What was found out for another upgrade says nothing of this one. */
    serve(rolloutId: number): void {
      if (served !== rolloutId) cancel()
      served = rolloutId
    },

    begin(rehearsing: Rehearsing): void {
      entries.set(rehearsing.original.id, { is: 'under way' })
      const work = rehearse(rehearsing, over.signal).finally(() => running.delete(work))
      running.add(work)
    },

    underWay: (): number => [...entries.values()].filter(({ is }) => is === 'under way').length,
    /** Computers that it knows something of. */
    known: (): number => entries.size,

    /** `null`: it is yet to be rehearsed, or again. */
    verdictOn(id: InstanceId): Verdict | 'under way' | null {
      const entry = entries.get(id)
      if (entry?.is === 'under way') return entry.is
      return entry && clock.monotonic() - entry.at < COUNTS_MS ? entry.verdict : null
    },

    hasPassed(id: InstanceId): boolean {
      const entry = entries.get(id)
      return entry?.is === 'over' && entry.verdict.is === 'passed'
    },

    /** Those whose copies did not run, each told once. */
    takeFailed: (): { id: InstanceId; why: string }[] =>
      [...entries].flatMap(([id, entry]) => {
        if (entry.is !== 'over' || entry.verdict.is !== 'failed') return []
        entries.delete(id)
        return [{ id, why: entry.verdict.why }]
      }),

    forget: (id: InstanceId): void => void entries.delete(id),

    /** Another process drives the upgrade, or nobody does any more. */
    cancel,

    ...{ hasLeft: copies.hasLeft, clearLeft: copies.clearLeft },

    async close(): Promise<void> {
      over.abort()
      // What takes longer (a disk that hangs) is in rows: whoever drives the upgrade next removes it.
      await Promise.race([Promise.all(running), delay(CLOSE_MS, undefined, { ref: false })])
    },
  }
}
