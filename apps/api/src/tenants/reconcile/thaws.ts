/**
 * Lets paused instances go on. Who is let in waits for the engine's 10 ms and for nothing else: the engine is asked while the wish and the
 * lease are still being written, and the instance is asked for its health while the engine is still at it. Where the engine has been prompt,
 * visitors are let in before: what they ask waits in the frozen instance's own queue, and is answered as soon as it goes on. (Not pages:
 * they wait for its first answer, since a thaw may hang, and the gate has something to show meanwhile.) A thaw
 * that nothing came of leaves something running that is said to be paused: the resync finds it.
 */
import type { InstanceId } from '@matrixos/shared'
import type { InstanceAddress, Runtime } from '../../ports/runtime.ts'
import { servingContainer } from '../spec.ts'
import type { InstanceRow } from '../store.ts'
import { untilReady } from './served-address.ts'

/** Until its start is under way, or never will be. */
const KEPT_MS = 5_000
/** From an engine that was slower the last time nobody is let in who might wait in vain. */
const PROMPT_MS = 250

export interface Thaw {
  /** `false`: it was not paused. */
  isPaused: Promise<boolean>
  /** Where it serves, once it does; never, where it was not paused. */
  answer: Promise<InstanceAddress | null>
  /** The engine answered soon when it was last heard of: this one serves in a moment. */
  isPrompt: () => boolean
  /** Resolves if it takes so long that nobody more is to be let in before it is through. */
  late: Promise<void>
  /** Asks no more. */
  end: () => void
}

export interface ThawsOptions {
  runtime: Pick<Runtime, 'resume'>
  /** Milliseconds that no change of the system's clock moves. */
  monotonic: () => number
  keptMs?: number
  promptMs?: number
}

export type Thaws = ReturnType<typeof createThaws>

function thaw(
  runtime: ThawsOptions['runtime'],
  row: InstanceRow,
  address: InstanceAddress,
): Omit<Thaw, 'isPrompt' | 'late'> {
  const over = new AbortController()
  const answer = Promise.withResolvers<InstanceAddress | null>()
  let isAsked = false
  const ask = () => {
    if (!isAsked) answer.resolve(untilReady(address, over.signal))
    isAsked = true
  }
  const resumed = runtime.resume(servingContainer(row), ask).then((wasPaused) => {
    // Not every driver says when it has asked.
    if (wasPaused) ask()
    return wasPaused
  })
  // What answers goes on, whatever the engine has yet to say.
  const served = answer.promise.then((where) => where !== null || resumed)
  return { isPaused: Promise.race([resumed, served]), answer: answer.promise, end: () => over.abort() }
}

export function createThaws(options: ThawsOptions) {
  const { runtime, monotonic, keptMs = KEPT_MS, promptMs = PROMPT_MS } = options
  const begun = new Map<InstanceId, { row: InstanceRow; thaw: Thaw }>()
  let isPrompt = false

  function ask(row: InstanceRow, address: InstanceAddress): Thaw {
    const from = monotonic()
    const late = Promise.withResolvers<void>()
    const asked = { ...thaw(runtime, row, address), isPrompt: () => isPrompt, late: late.promise }
    // What hangs says nothing: whoever comes after is not to wait with those who were let in.
    const overdue = setTimeout(() => {
      isPrompt = false
      late.resolve()
    }, promptMs).unref()
    const judge = (wasPaused: boolean) => {
      clearTimeout(overdue)
      isPrompt = wasPaused && monotonic() - from < promptMs
    }
    asked.isPaused.then(judge, () => judge(false))
    return asked
  }

  return {
    /** Its start follows in a moment, and takes this. */
    begin(row: InstanceRow): void {
      if (row.observed !== 'paused' || !row.address || begun.has(row.id)) return
      const mine = { row, thaw: ask(row, row.address) }
      begun.set(row.id, mine)
      mine.thaw.isPaused.catch(() => undefined)
      setTimeout(() => {
        if (begun.get(row.id) !== mine) return
        begun.delete(row.id)
        mine.thaw.end()
      }, keptMs).unref()
    },

    /** The one that was begun for this container, or a new one. */
    take(row: InstanceRow, address: InstanceAddress): Thaw {
      const before = begun.get(row.id)
      begun.delete(row.id)
      if (before && before.row.generation === row.generation) return before.thaw
      before?.thaw.end()
      return ask(row, address)
    },
  }
}
