/** Waits until what was started is ready, and says why it is not. */
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../errors.ts'
import type { ContainerKey, InstanceAddress, Runtime } from '../../ports/runtime.ts'
import { isHealthy } from './probe.ts'
import { untilReady } from './served-address.ts'

/** How long a start may take. */
const START_LIMIT_MS = 30_000
const EXIT_CHECK_MS = 500
/** Where a start may take no longer than a moment, its end is to be noticed at once. */
const PROMPT_EXIT_CHECK_MS = 50
/** A program that answers at all does so within this time. */
const PROMPT_ANSWER_MS = 100
/** Of its output, for the owner. */
export const LOG_LINES = 12

export interface Started {
  runtime: Pick<Runtime, 'inspect' | 'logs'>
  spec: ContainerKey & { handle: string }
  address: InstanceAddress
  /** `null`: as long as any. */
  limitMs: number | null
  /** Where it is being asked already: that answer is awaited. */
  asked?: Promise<InstanceAddress | null> | undefined
}

/** `null`: it exited, took too long, or `unwanted` aborted. */
export async function awaitReady(started: Started, unwanted: AbortSignal): Promise<InstanceAddress | null> {
  const over = new AbortController()
  const limit = AbortSignal.timeout(started.limitMs ?? START_LIMIT_MS)
  const signal = AbortSignal.any([over.signal, unwanted, limit])
  const exited = untilExited(started, signal)
  try {
    const ready = started.asked ?? untilReady(started.address, signal)
    return await Promise.race([ready, exited.then(() => null)])
  } finally {
    over.abort()
  }
}

async function untilExited({ runtime, spec, limitMs }: Started, signal: AbortSignal): Promise<void> {
  const everyMs = limitMs === null ? EXIT_CHECK_MS : PROMPT_EXIT_CHECK_MS
  while (!signal.aborted) {
    await delay(everyMs, undefined, { signal }).catch(() => undefined)
    const seen = signal.aborted ? null : await runtime.inspect(spec).catch(() => null)
    if (seen?.status === 'stopped') return
  }
}

/** Why it is not ready, for its owner. `end` is called as soon as it need not run for that any more. */
export async function unhealthy(
  { runtime, spec, address, limitMs }: Started,
  end: () => Promise<void> = async () => undefined,
): Promise<AppError> {
  const seen = await runtime.inspect(spec).catch(() => null)
  const asking = limitMs === null ? {} : { timeoutMs: PROMPT_ANSWER_MS }
  const answers = seen?.status === 'running' && (await isHealthy(address, asking))
  const [detail] = await Promise.all([
    runtime.logs(spec, LOG_LINES).catch(() => ''),
    end().catch(() => undefined),
  ])
  const silent = answers
    ? `its shell did not answer on port ${address.shellPort}`
    : 'did not respond to its health check'
  const what = seen?.oomKilled
    ? 'It ran out of memory while starting.'
    : seen?.status === 'running'
      ? `It started, but ${silent} within ${(limitMs ?? START_LIMIT_MS) / 1000} s.`
      : `It stopped while starting${seen?.exitCode == null ? '' : ` (exit code ${seen.exitCode})`}.`
  return new AppError('instance_unhealthy', what, { detail })
}
