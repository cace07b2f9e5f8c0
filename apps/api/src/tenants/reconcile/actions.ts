/**
 * The things the reconciler does to an instance. Each may be repeated after a kill at any point, and each has two
 * parts: what the engine does, for which it holds a place, and what is only waited for.
 */
import type { Action, Observed, Step } from '@matrixos/shared'
import type { InstanceAddress, InstanceSpec, Runtime } from '../../ports/runtime.ts'
import { servingContainer } from '../spec.ts'
import type { InstanceRow } from '../store.ts'
import { awaitReady, unhealthy } from './ready.ts'
import type { Thaws } from './thaws.ts'

/** For what has never served, while somebody may be waiting for what did. */
const PROMPT_GRACE_S = 0

export const FIRST_STEP: Record<Action, Step | null> = {
  create: 'home',
  start: 'start',
  pause: null,
  stop: null,
  archive: null,
  restore: 'unpack',
  remove: null,
}

export interface ActionContext {
  runtime: Runtime
  thaws: Pick<Thaws, 'take'>
  /** Lets in who waits and takes the chance, until what it returns is called. */
  announce: (address: InstanceAddress) => () => void
  /** Asks the database. */
  spec: () => Promise<InstanceSpec>
  row: InstanceRow
  /** Of a creation: those that are left. */
  takeSteps: () => Promise<void>
  /** Told at each visible step. */
  onStep: (step: Step) => void
  /** Aborts when the instance is no longer wanted awake. */
  unwanted: AbortSignal
  /** Stops it, once there is a place for that; with `graceS` seconds instead of the contract's. */
  stop: (graceS?: number) => Promise<void>
  /** Packs its home, or brings it back. `false`: somebody came meanwhile, and it stays. */
  pack: () => Promise<boolean>
  unpack: () => Promise<void>
  /** Nothing runs with its home any more. */
  detach: () => Promise<void>
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
  async create({ runtime, row, takeSteps }) {
    await runtime.check(row.image)
    await takeSteps()
    // A failure may have left it running, with the token that it was made with: from `stopped` it would get another.
    const found = row.tokenGeneration === 0 ? await runtime.inspect(servingContainer(row)) : null
    const isActive = found?.status === 'running' || found?.status === 'paused'
    return async () => ({ observed: isActive ? 'starting' : 'stopped', address: null })
  },

  async start(context) {
    const { runtime, row, spec, onStep } = context
    // Only what is paused has an address while it starts.
    const resumed = row.address && (await resume(context, row.address))
    if (resumed) return resumed
    const address = await runtime.start(await spec())
    onStep('health')
    return () => settleStart(context, address)
  },

  async pause({ runtime, row }) {
    await runtime.pause(servingContainer(row))
    return async () => ({ observed: 'paused', address: row.address })
  },

  async stop({ runtime, row, detach }) {
    await runtime.stop(row.id)
    await detach()
    return async () => ({ observed: 'stopped', address: null })
  },

  /** The container first: nothing may write to the home while it is packed. */
  async archive({ runtime, row, pack }) {
    await runtime.remove(row.id)
    const isPacked = await pack()
    return async () => ({ observed: isPacked ? 'archived' : 'archiving', address: null })
  },

  async restore({ unpack }) {
    await unpack()
    return async () => ({ observed: 'creating', address: null })
  },
}

/** `null`: it is not paused. */
async function resume(
  context: ActionContext,
  address: InstanceAddress,
): Promise<(() => Promise<ActionResult>) | null> {
  const { isPaused, answer, isPrompt, late, end } = context.thaws.take(context.row, address)
  const withdraw = isPrompt() ? context.announce(address) : () => undefined
  void late.then(withdraw)
  const over = () => {
    withdraw()
    end()
  }
  const goesOn = await isPaused.catch((error: unknown) => {
    over()
    throw error
  })
  if (goesOn) return () => settleStart(context, address, answer).finally(over)
  over()
  return null
}

async function settleStart(
  context: ActionContext,
  address: InstanceAddress,
  asked?: Promise<InstanceAddress | null>,
): Promise<ActionResult> {
  const { runtime, row, unwanted } = context
  const started = { runtime, spec: servingContainer(row), address, limitMs: row.startLimitMs, asked }
  const served = await awaitReady(started, unwanted)
  if (unwanted.aborted) return { observed: 'starting', address: null }
  if (served) return { observed: 'running', address: served }
  // What hangs would hang for ever: the next attempt gets a new process.
  const isPrompt = row.startLimitMs !== null
  throw await unhealthy(started, () => context.stop(isPrompt ? PROMPT_GRACE_S : undefined))
}
