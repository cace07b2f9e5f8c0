/**
 * Tries the next image with a copy of somebody's home, while their computer goes on: a container of its own that reaches
 * nothing, or what is in the copy would be done a second time (messages fetched, programs run), with tokens that count nowhere.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceId, Plan } from '@matrixos/shared'
import { isDatabaseAway, toAppError } from '../../errors.ts'
import type { HomeRef, HomeStore } from '../../ports/home-store.ts'
import type { InstanceSpec, Runtime } from '../../ports/runtime.ts'
import { isHealthy } from '../reconcile/probe.ts'
import { awaitReady, type Started, unhealthy } from '../reconcile/ready.ts'
import type { SpecSubject } from '../spec.ts'

/** Copied while somebody uses it: what takes more of the disk, or longer, is switched without a rehearsal. */
const MOST_BYTES = 1024 ** 3
const COPY_MS = 90_000
/** That stay free beside the copy, which may need as much again while it is used. */
const FREE_BYTES = 2 * 1024 ** 3
/** What is ready, and ends by itself within this time, does not run. */
const STAYS_MS = 5_000
const LOOK_MS = 250

export type Verdict =
  | { is: 'passed' }
  /** `why`: for administrators. */
  | { is: 'failed'; why: string }
  /** It could not be tried, which says nothing of the image. */
  | { is: 'skipped'; why: string }
  /** The engine or the database is away, or nobody wants to know any more. */
  | { is: 'undecided' }

/** Whose copy is tried. */
export interface Original extends HomeRef {
  plan: Plan
}

export interface RehearsalOptions {
  runtime: Pick<Runtime, 'start' | 'remove' | 'inspect' | 'logs'>
  homes: Pick<HomeStore, 'copy' | 'measure' | 'space' | 'remove' | 'pathOf'>
  /** Without a token that counts anywhere. */
  specOf: (subject: SpecSubject, slot: number) => InstanceSpec
  monotonic: () => number
  staysMs?: number
}

export interface RehearsalRequest {
  /** Of the copy and its container. */
  id: InstanceId
  original: Original
  image: string
  /** How long it may take to be ready. */
  limitMs: number
  over: AbortSignal
}

export type Rehearsal = ReturnType<typeof createRehearsal>

/** No computer has a handle with `--`. */
const copyOf = (id: InstanceId): HomeRef => ({ id, handle: `copy--${id.slice(id.indexOf('_') + 1)}` })

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 ** 2)} MB`

export function createRehearsal(options: RehearsalOptions) {
  const { runtime, homes, specOf, monotonic, staysMs = STAYS_MS } = options

  /** What a rehearsal leaves behind, also one that was killed. May be repeated. */
  async function clear(id: InstanceId): Promise<void> {
    await runtime.remove(id)
    await homes.remove(copyOf(id))
  }

  /** Why there can be no copy; `null`: there can. */
  async function obstacleTo(original: Original): Promise<string | null> {
    const bytes = await homes.measure(original)
    if (bytes === null) return 'it has no files yet'
    if (bytes > MOST_BYTES) return `its files take ${megabytes(bytes)}`
    const { freeBytes } = await homes.space()
    return freeBytes < 2 * bytes + FREE_BYTES ? `the server has ${megabytes(freeBytes)} left` : null
  }

  /** Why it does not stay up; `null`: it does. */
  async function endOf({ spec, address }: Started, over: AbortSignal): Promise<string | null> {
    const began = monotonic()
    for (;;) {
      const seen = await runtime.inspect(spec)
      if (over.aborted) return null
      if (seen?.status !== 'running') {
        const code = seen?.exitCode == null ? '' : ` (exit code ${seen.exitCode})`
        return `It stopped by itself ${Math.round((monotonic() - began) / 1000)} s after its start${code}.`
      }
      if (monotonic() - began >= staysMs) break
      await delay(LOOK_MS, undefined, { signal: over }).catch(() => undefined)
    }
    return (await isHealthy(address)) ? null : 'It did not respond to its health check after its start.'
  }

  async function tryWith({ id, original, image, limitMs, over }: RehearsalRequest): Promise<Verdict> {
    const generations = { generation: 1, tokenGeneration: 1, aiTokenGeneration: 1 }
    // The program is told its own handle, as it will be.
    const told = specOf({ id, handle: original.handle, image, plan: original.plan, ...generations }, 0)
    const { storage } = told
    const signal = AbortSignal.any([over, AbortSignal.timeout(COPY_MS)])
    await homes.copy(original, copyOf(id), { mostBytes: MOST_BYTES, signal, ...(storage && { storage }) })
    const spec = { ...told, ...copyOf(id), home: homes.pathOf(copyOf(id)), isClosed: true }
    try {
      const started = { runtime, spec, limitMs, address: await runtime.start(spec) }
      const isReady = await awaitReady(started, over)
      const why = isReady ? await endOf(started, over) : (await unhealthy(started)).message
      if (over.aborted) return { is: 'undecided' }
      return why === null ? { is: 'passed' } : { is: 'failed', why }
    } catch (error) {
      const { code, message } = toAppError(error)
      if (code === 'instance_unhealthy') return { is: 'failed', why: message }
      throw error
    }
  }

  return {
    clear,

    /** Never throws. Nothing of it is left, unless it could not be removed now: whoever asked clears it again. */
    async run(request: RehearsalRequest): Promise<Verdict> {
      try {
        const obstacle = await obstacleTo(request.original)
        if (obstacle !== null) return { is: 'skipped', why: obstacle }
        return await tryWith(request)
      } catch (error) {
        const { code, message } = toAppError(error)
        const isLater = request.over.aborted || code === 'engine_down' || isDatabaseAway(error)
        return isLater ? { is: 'undecided' } : { is: 'skipped', why: message }
      }
    },
  }
}
