/**
 * The things the reconciler does to an instance. Each may be repeated after a kill at any point, and each has two
 * parts: what the engine does, for which it holds a place, and what is only waited for.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Action, Observed, Step } from '@matrixos/shared'
import { AppError } from '../../errors.ts'
import type { InstanceAddress, InstanceSpec, Runtime } from '../../ports/runtime.ts'
import type { InstanceRow } from '../store.ts'
import { isHealthy } from './probe.ts'
import { untilReady } from './served-address.ts'

const HEALTH_TIMEOUT_MS = 30_000
const EXIT_CHECK_MS = 500
/** Of its output, for the owner. */
export const LOG_LINES = 12

export const FIRST_STEP: Record<Action, Step | null> = {
  create: 'home',
  start: 'start',
  pause: null,
  stop: null,
  remove: null,
}

export interface ActionContext {
  runtime: Runtime
  spec: InstanceSpec
  row: InstanceRow
  /** Of a creation: those that are left. */
  takeSteps: () => Promise<void>
  /** Told at each visible step. */
  onStep: (step: Step) => void
  /** Aborts when the instance is no longer wanted awake. */
  unwanted: AbortSignal
  /** Stops it, once there is a place for that. */
  stop: () => Promise<void>
}

export interface ActionResult {
  observed: Observed
  address: InstanceAddress | null
}

/** Runs one action; what it resolves with waits for the rest. Both throw an AppError whose message is for the owner. */
export const ACT: Record<
  Exclude<Action, 'remove'>,
  (context: ActionContext) => Promise<() => Promise<ActionResult>>
> = {
  async create({ runtime, row, spec, takeSteps }) {
    await runtime.check(row.image)
    await takeSteps()
    // A failure may have left it running, with the token that it was made with: from `stopped` it would get another.
    const found = row.tokenGeneration === 0 ? await runtime.inspect(spec) : null
    const isActive = found?.status === 'running' || found?.status === 'paused'
    return async () => ({ observed: isActive ? 'starting' : 'stopped', address: null })
  },

  async start(context) {
    const address = await context.runtime.start(context.spec)
    context.onStep('health')
    return () => settleStart(context, address)
  },

  async pause({ runtime, row, spec }) {
    await runtime.pause(spec)
    return async () => ({ observed: 'paused', address: row.address })
  },

  async stop({ runtime, row }) {
    await runtime.stop(row.id)
    return async () => ({ observed: 'stopped', address: null })
  },
}

async function settleStart(context: ActionContext, address: InstanceAddress): Promise<ActionResult> {
  const served = await awaitReady(context, address)
  if (context.unwanted.aborted) return { observed: 'starting', address: null }
  if (served) return { observed: 'running', address: served }
  const error = await unhealthy(context.runtime, context.spec, address)
  // What hangs would hang for ever: the next attempt gets a new process.
  await context.stop().catch(() => undefined)
  throw error
}

/** `null`: it exited, took too long, or is unwanted. */
async function awaitReady(
  { runtime, spec, unwanted }: ActionContext,
  address: InstanceAddress,
): Promise<InstanceAddress | null> {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, unwanted, AbortSignal.timeout(HEALTH_TIMEOUT_MS)])
  const exited = untilExited(runtime, spec, signal)
  try {
    return await Promise.race([untilReady(address, signal), exited.then(() => null)])
  } finally {
    over.abort()
  }
}

async function untilExited(runtime: Runtime, spec: InstanceSpec, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(EXIT_CHECK_MS, undefined, { signal }).catch(() => undefined)
    const seen = signal.aborted ? null : await runtime.inspect(spec).catch(() => null)
    if (seen?.status === 'stopped') return
  }
}

async function unhealthy(runtime: Runtime, spec: InstanceSpec, address: InstanceAddress): Promise<AppError> {
  const seen = await runtime.inspect(spec).catch(() => null)
  const detail = await runtime.logs(spec, LOG_LINES).catch(() => '')
  const silent =
    seen?.status === 'running' && (await isHealthy(address))
      ? `its shell did not answer on port ${address.shellPort}`
      : 'did not respond to its health check'
  const what = seen?.oomKilled
    ? 'It ran out of memory while starting.'
    : seen?.status === 'running'
      ? `It started, but ${silent} within ${HEALTH_TIMEOUT_MS / 1000} s.`
      : `It stopped while starting${seen?.exitCode == null ? '' : ` (exit code ${seen.exitCode})`}.`
  return new AppError('instance_unhealthy', what, { detail })
}
