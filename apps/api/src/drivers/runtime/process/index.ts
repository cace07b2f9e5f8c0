/**
 * The process driver: one child process per instance on a loopback port. For development only: instances run as
 * the api's own user, see its files, and know no limits.
 */
import { type InstanceId, STOP_GRACE_S } from '@matrixos/shared'
import { AppError } from '../../../errors.ts'
import type { Runtime } from '../../../ports/runtime.ts'
import { aliveOf, recoverLaunches, viewOf } from './alive.ts'
import { entryOf } from './launch.ts'
import { createLocks } from './locks.ts'
import { rotateLog, tailLog } from './log.ts'
import { type ProcessRuntimeOptions, type ProcessSettings, processSettings } from './options.ts'
import { forgetState, type ProcessState, readStates } from './state.ts'
import * as verbs from './verbs.ts'
import { createChanges, watch } from './watch.ts'

export type { ProcessRuntimeOptions } from './options.ts'

/** What is not an AppError yet is the file system's or the system's own trouble. */
async function mapErrors<T>(call: Promise<T>): Promise<T> {
  return await call.catch((error: unknown) => {
    if (error instanceof AppError) throw error
    throw new AppError('internal', 'The instance could not be handled on this machine.', { cause: error })
  })
}

/** Keeps state files current and the log small; what it returns is shared by all verbs. */
function createContext(settings: ProcessSettings) {
  const locked = createLocks()
  const changes = createChanges()
  let recovery: Promise<void> | null = null
  const context: verbs.VerbContext = {
    settings,
    children: new Map(),
    now: () => new Date(),
    onExit: ({ id }) => {
      changes.notify()
      void locked(id, () => verbs.recordExit(context, id)).catch(() => undefined)
    },
  }
  /** Every verb begins here: what an api that was killed left behind is looked through once. */
  async function states(): Promise<ProcessState[]> {
    recovery ??= recoverLaunches(settings.stateDir).catch((error: unknown) => {
      recovery = null
      throw error
    })
    await recovery
    return await readStates(settings.stateDir)
  }
  const change = <T>(id: InstanceId, work: () => Promise<T>): Promise<T> =>
    mapErrors(
      states()
        .then(() => locked(id, work))
        .finally(changes.notify),
    )
  const stateOf = async (id: InstanceId) => (await states()).find((state) => state.id === id)
  return { context, changes, states, stateOf, change }
}

export function createProcessRuntime(options: ProcessRuntimeOptions): Runtime {
  const settings = processSettings(options)
  const { stateDir } = settings
  const { context, changes, states, stateOf, change } = createContext(settings)

  const inspectState = async (state: ProcessState) => viewOf(state, await aliveOf(state))
  const list = async () => await Promise.all((await states()).map(inspectState))

  async function stop(id: InstanceId, graceS: number): Promise<void> {
    await change(id, async () => {
      const state = await stateOf(id)
      if (state) await verbs.stop(context, state, graceS)
    })
  }

  async function tendAndList() {
    const rows = await list()
    await Promise.all(rows.map(({ id }) => rotateLog(stateDir, id, settings.logLimitBytes)))
    return rows
  }

  return {
    name: 'process',
    isolation: 'none',
    check: async () => {
      await entryOf(settings)
    },
    // There is none that could break.
    verifyIsolation: async () => {},
    create: async (spec) => {
      await change(spec.id, () => verbs.create(context, spec))
    },
    start: (spec) => change(spec.id, () => verbs.start(context, spec)),
    stop: (id, { graceS = STOP_GRACE_S } = {}) => stop(id, graceS),
    remove: async (id) => {
      await stop(id, 0)
      await change(id, () => forgetState(stateDir, id))
    },
    inspect: async (id) => {
      const state = await mapErrors(stateOf(id))
      return state ? await mapErrors(inspectState(state)) : null
    },
    list: () => mapErrors(list()),
    events: (signal) => watch(tendAndList, changes, settings.watchMs, signal),
    logs: async (id, lines) => {
      const state = await mapErrors(stateOf(id))
      return state ? await mapErrors(tailLog(stateDir, id, lines)) : ''
    },
    close: async () => {
      await Promise.all((await mapErrors(states())).map(({ id }) => stop(id, STOP_GRACE_S)))
    },
  }
}
