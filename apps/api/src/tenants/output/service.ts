/** What an owner reads of what their computer printed: its last runs, and the present one as it goes on. */
import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceEventView, InstanceId, OutputView } from '@matrixos/shared'
import { authorize, noSuchInstance } from '../../access/policy.ts'
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'
import { printable } from '../reconcile/failure-text.ts'
import { servingContainer } from '../spec.ts'
import type { InstanceRow } from '../store.ts'
import { redacted } from './redact.ts'
import { isUp, type Run, runsOf } from './runs.ts'

const LINES = 300
const LENGTH = 32_768
/** Of the timeline, to find the ends of the last runs among it. */
const EVENTS = 100
/** Between two looks for somebody who reads along. */
const FOLLOW_MS = 1_000

export interface OutputOptions {
  cache: Pick<InstanceCache, 'get' | 'ofUser'>
  runtime: Pick<Runtime, 'logs'>
  /** Newest first. */
  timeline: (id: InstanceId, limit: number) => Promise<InstanceEventView[]>
  /** What the platform itself gave the instance. */
  secretsOf: (row: InstanceRow) => string[]
  clock: Pick<Clock, 'now'>
}

export type OutputService = ReturnType<typeof createOutputService>

export function createOutputService({ cache, runtime, timeline, secretsOf, clock }: OutputOptions) {
  function rowFor(principal: SessionPrincipal, id: InstanceId): InstanceRow {
    const row = cache.get(id)
    if (!row) throw noSuchInstance()
    authorize(principal, 'instance:read', row, clock.now())
    return row
  }

  async function read(row: InstanceRow, lines = LINES, span: Run['span'] = null): Promise<string> {
    const text = await runtime.logs(servingContainer(row), lines, span ?? undefined)
    return redacted(printable(text, LENGTH), secretsOf(row))
  }

  /** The present run whenever it has printed more. What does not run prints nothing, and the engine is not asked. */
  async function* follow(id: InstanceId, signal: AbortSignal): AsyncGenerator<string> {
    let shown: string | null = null
    let readAt: number | null = null
    while (!signal.aborted) {
      const row = cache.get(id)
      if (!row) return
      if (isUp(row) || row.version !== readAt) {
        const text = await read(row).catch((error: unknown) => {
          if (error instanceof AppError) return null
          throw error
        })
        if (text !== null && text !== shown) yield text
        shown = text ?? shown
        readAt = text === null ? null : row.version
      }
      await delay(FOLLOW_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  return {
    /** `nth`: 0 is the present or last run. */
    async of(principal: SessionPrincipal, id: InstanceId, nth: number): Promise<OutputView> {
      const row = rowFor(principal, id)
      const runs = runsOf(row, await timeline(row.id, EVENTS))
      const run = runs[nth]
      const text = run || nth === 0 ? await read(row, LINES, run?.span) : ''
      return { runs: runs.map(({ endedAt, how }) => ({ endedAt, how })), text }
    },

    /** `open` gives the stream's signal, and is not called for whoever is refused. */
    follow(principal: SessionPrincipal, id: InstanceId, open: () => AbortSignal): AsyncGenerator<string> {
      const row = rowFor(principal, id)
      return follow(row.id, open())
    },

    /** For administrators: of somebody's instance; empty where there is none. */
    async lastLines(userId: InstanceRow['userId'], lines: number): Promise<string> {
      const row = cache.ofUser(userId)
      return row ? await read(row, lines) : ''
    },
  }
}
