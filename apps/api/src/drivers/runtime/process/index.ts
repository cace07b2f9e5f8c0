/**
 * The process driver: one child process per instance on a loopback port. For development only: instances run as
 * the api's own user, see its files, and have no limits.
 */
import { type InstanceId, STOP_GRACE_S } from '@matrixos/shared'
import { AppError } from '../../../errors.ts'
import type { ContainerKey, Runtime } from '../../../ports/runtime.ts'
import { aliveOf, recoverLaunches, viewOf } from './alive.ts'
import { entryOf } from './launch.ts'
import { createLocks } from './locks.ts'
import { rotateLog, tailLog } from './log.ts'
import { type ProcessRuntimeOptions, type ProcessSettings, processSettings } from './options.ts'
import { forgetState, type ProcessState, readStates } from './state.ts'
import { groupUsage } from './usage.ts'
import * as verbs from './verbs.ts'
import { createChanges, watch } from './watch.ts'

export type { ProcessRuntimeOptions } from './options.ts'

/** What is not an AppError yet is the file system's or the system's own trouble. */
async function mapErrors<T>(call: Promise<T>): Promise<T> {
  return await call.catch((error: unknown) => {
    if (error instanceof AppError) throw error
    throw new AppError('internal', 'The instance could not be managed on this machine.', { cause: error })
  })
}

/** Keeps state files current and the log small; what it returns is shared by all verbs. */
function createContext(settings: ProcessSettings) {
  const { locked, idle } = createLocks()
  const changes = createChanges()
  let recovery: Promise<void> | null = null
  const context: verbs.VerbContext = {
    settings,
    children: new Map(),
    now: () => new Date(),
    onExit: (state) => {
      changes.notify()
      void locked(state.id, () => verbs.recordExit(context, state)).catch(() => undefined)
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
  const stateOf = async (key: ContainerKey) => (await states()).find((state) => verbs.isSame(state, key))
  /** Of one generation, or of all. */
  const statesOf = async (id: InstanceId, generation?: number) =>
    (await states()).filter(
      (state) => state.id === id && (generation === undefined || state.generation === generation),
    )
  /** Nobody waits for it: an instance that takes its time to end would hold back what is told of the others. */
  const tend = (key: ContainerKey) =>
    void locked(key.id, () => rotateLog(settings.stateDir, key, settings.logLimitBytes)).catch(
      () => undefined,
    )
  return { context, changes, states, stateOf, statesOf, change, tend, idle }
}

/** What would keep instances apart, or within limits. */
const NO_WALLS = {
  isolationOf: () => 'none',
  firewall: () => ({ by: 'nobody', why: 'Computers are processes of the platform’s own user.' }),
  limitsBandwidth: () => false,
  keepsBandwidth: async () => true,
  foundOpen: () => null,
  takeFoundOpen: () => undefined,
  canClose: () => false,
  ociRuntimes: async () => [],
  // There is no isolation that could break.
  selfTest: async () => null,
  verifyIsolation: async () => {},
} satisfies Partial<Runtime>

export function createProcessRuntime(options: ProcessRuntimeOptions): Runtime {
  const settings = processSettings(options)
  const { stateDir } = settings
  const { context, changes, states, stateOf, statesOf, change, tend, idle } = createContext(settings)

  const inspectState = async (state: ProcessState) => viewOf(state, await aliveOf(state))
  const list = async () => await Promise.all((await states()).map(inspectState))

  async function stop(id: InstanceId, graceS: number, generation?: number): Promise<void> {
    await change(id, async () => {
      const states = await statesOf(id, generation)
      await Promise.all(states.map((state) => verbs.stop(context, state, graceS)))
    })
  }

  async function tendAndList() {
    const rows = await list()
    for (const row of rows) tend(row)
    return rows
  }

  return {
    name: 'process',
    ...NO_WALLS,
    slotCount: () => Number.POSITIVE_INFINITY,
    check: async () => {
      await entryOf(settings)
    },
    create: async (spec) => {
      await change(spec.id, () => verbs.create(context, spec))
    },
    start: (spec) => change(spec.id, () => verbs.start(context, spec)),
    resume: (key) => change(key.id, async () => verbs.resume(await stateOf(key))),
    pause: async (key) => {
      await change(key.id, async () => {
        const state = await stateOf(key)
        if (state) await verbs.pause(state)
      })
    },
    stop: (id, { graceS = STOP_GRACE_S, generation } = {}) => stop(id, graceS, generation),
    remove: async (id, { generation } = {}) => {
      await stop(id, 0, generation)
      await change(id, async () => {
        for (const state of await statesOf(id, generation)) await forgetState(stateDir, state)
      })
    },
    inspect: async (key) => {
      const state = await mapErrors(stateOf(key))
      return state ? await mapErrors(inspectState(state)) : null
    },
    // It enforces none.
    update: async () => {},
    usage: async (key) => {
      const state = await mapErrors(stateOf(key))
      const alive = state && (await mapErrors(aliveOf(state)))
      return alive ? await groupUsage(alive.pid) : null
    },
    list: () => mapErrors(list()),
    events: (signal) => watch(tendAndList, changes, settings.watchMs, signal),
    logs: async (key, lines, run) => {
      const state = await mapErrors(stateOf(key))
      return state ? await mapErrors(tailLog(stateDir, state, lines, run)) : ''
    },
    close: async () => {
      await Promise.all((await mapErrors(states())).map(({ id }) => stop(id, STOP_GRACE_S)))
      await idle()
    },
  }
}
