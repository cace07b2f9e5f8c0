/** The four things the reconciler does to an instance. Each may be repeated after a kill at any point. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Action, ERROR_DETAIL_LENGTH, type Observed, type Step } from '@matrixos/shared'
import { AppError } from '../errors.ts'
import type { InstanceAddress, InstanceSpec, Runtime } from '../ports/runtime.ts'
import { untilHealthy } from './probe.ts'
import type { InstanceRow } from './store.ts'

const HEALTH_TIMEOUT_MS = 30_000
const EXIT_CHECK_MS = 500
const LOG_LINES = 12

export const FIRST_STEP: Record<Action, Step | null> = {
  create: 'home',
  start: 'start',
  stop: null,
  remove: null,
}

export interface ActionContext {
  runtime: Runtime
  spec: InstanceSpec
  row: InstanceRow
  /** Told at each visible step. */
  onStep: (step: Step) => void
  /** Aborts when the instance is no longer wanted awake. */
  unwanted: AbortSignal
}

export interface Done {
  observed: Observed
  address: InstanceAddress | null
}

/** Runs one action; throws an AppError whose message is for the owner. */
export const ACT: Record<Exclude<Action, 'remove'>, (context: ActionContext) => Promise<Done>> = {
  async create({ runtime, spec, onStep }) {
    await runtime.check(spec.image)
    onStep('container')
    await runtime.create(spec)
    return { observed: 'stopped', address: null }
  },

  async start(context) {
    const { runtime, spec, row, onStep, unwanted } = context
    const address = await runtime.start(spec)
    onStep('health')
    const healthy = await awaitHealth(context, address)
    if (unwanted.aborted) return { observed: 'starting', address: null }
    if (!healthy) {
      const error = await unhealthy(runtime, spec)
      // What hangs would hang for ever: the next attempt gets a new process.
      await runtime.stop(row.id).catch(() => undefined)
      throw error
    }
    return { observed: 'running', address }
  },

  async stop({ runtime, row }) {
    await runtime.stop(row.id)
    return { observed: 'stopped', address: null }
  },
}

/** `false`: it exited, took too long, or is unwanted. */
async function awaitHealth(
  { runtime, row, unwanted }: ActionContext,
  address: InstanceAddress,
): Promise<boolean> {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, unwanted, AbortSignal.timeout(HEALTH_TIMEOUT_MS)])
  const exited = untilExited(runtime, row, signal)
  try {
    return await Promise.race([untilHealthy(address, signal), exited.then(() => false)])
  } finally {
    over.abort()
  }
}

async function untilExited(runtime: Runtime, row: InstanceRow, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(EXIT_CHECK_MS, undefined, { signal }).catch(() => undefined)
    const seen = signal.aborted ? null : await runtime.inspect(row.id).catch(() => null)
    if (seen?.status === 'stopped') return
  }
}

async function unhealthy(runtime: Runtime, spec: InstanceSpec): Promise<AppError> {
  const seen = await runtime.inspect(spec.id).catch(() => null)
  const tail = await runtime.logs(spec.id, LOG_LINES).catch(() => '')
  const what = seen?.oomKilled
    ? 'It ran out of memory while starting.'
    : seen?.status === 'running'
      ? `It started, but did not answer its health check within ${HEALTH_TIMEOUT_MS / 1000} s.`
      : `It stopped while starting${seen?.exitCode == null ? '' : ` (exit code ${seen.exitCode})`}.`
  const detail = tail.trim().slice(-ERROR_DETAIL_LENGTH)
  return new AppError('instance_unhealthy', what, detail ? { detail } : {})
}
