/** Does an action that is leased to this process, as far as the engine is needed; the rest follows on its own. */
import { type Action, STOP_GRACE_S, type Step } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import { AppError, isDatabaseAway } from '../../errors.ts'
import type { InstanceAddress, InstanceSpec, Runtime } from '../../ports/runtime.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { ACT, type ActionResult, FIRST_STEP } from './actions.ts'
import { type ConcludeOptions, createConclude } from './conclude.ts'
import type { Courtesy } from './courtesy.ts'
import type { Lanes } from './lanes.ts'
import { succeeded } from './outcome.ts'
import { createPacking, type PackingOptions } from './packing.ts'
import { createRemoval } from './removal.ts'
import { type InstanceSteps, takeSteps } from './steps.ts'
import type { Thaws } from './thaws.ts'

export interface PerformOptions extends ConcludeOptions, PackingOptions {
  store: TenantStore
  runtime: Runtime
  steps: InstanceSteps
  lanes: Lanes
  thaws: Thaws
  courtesy: Pick<Courtesy, 'wait'>
  /** Asks the database. */
  specOf: (row: InstanceRow) => Promise<InstanceSpec>
  clock: Clock
  quarantineMs: number
}

/** What is left of an action once the engine has done its part: it is done without a place in a lane. */
export type Rest = () => Promise<void>

export type Perform = (row: InstanceRow, action: Action) => Promise<Rest>

export function createPerform(options: PerformOptions): Perform {
  const { store, cache, runtime, steps, lanes, courtesy, specOf, processId, clock, log } = options
  const { finish, failure } = createConclude(options)
  /** Without the lease nothing is recorded, and no other step begins. */
  const record =
    ({ id }: InstanceRow) =>
    async (doneStep: string): Promise<void> => {
      if (await store.recordStep(id, processId, doneStep)) return
      throw new AppError('conflict', 'This computer is busy. Retrying automatically.')
    }

  const packing = createPacking(options)
  const remove = createRemoval({ ...options, record, finish, failure })

  const show = (row: InstanceRow, step: Step) =>
    void store
      .showStep(row.id, processId, step)
      .then(cache.publish)
      .catch((error: unknown) => log.warn({ err: error }, 'failed to publish a step'))

  async function act(row: InstanceRow, action: Exclude<Action, 'remove'>): Promise<Rest> {
    const unwanted = new AbortController()
    const forget = cache.onChange((change) => {
      if (change.row.id === row.id && change.row.desired !== 'awake') unwanted.abort()
    })
    let step = FIRST_STEP[action]
    const onStep = (next: Step) => {
      step = next
      show(row, next)
    }
    const stop = (graceS = STOP_GRACE_S) =>
      lanes.run({ id: row.id, action: 'stop', isVisited: false }, () => runtime.stop(row.id, { graceS }))
    const conclude = async (done: () => Promise<ActionResult>) => {
      const outcome = await done()
        .then(
          (what) => succeeded(row, action, what, clock.now()),
          async (error: unknown) => {
            if (action === 'start' || action === 'create') await packing.putAway(row)
            return await failure(row, action, step, error)
          },
        )
        .finally(forget)
      await finish(row, outcome)
    }
    try {
      const left = () =>
        takeSteps({ steps, action: 'create', row, onStep, record: record(row), before: courtesy.wait })
      const context = {
        ...{ runtime, row, thaws: options.thaws, spec: () => specOf(row), onStep, stop },
        announce: (address: InstanceAddress) =>
          options.serving.announce(row.id, address, { isCertain: false }),
        ...{ takeSteps: left, unwanted: unwanted.signal },
        ...packing.of(row),
      }
      const rest = await ACT[action](context)
      return () => conclude(rest)
    } catch (error) {
      // Nobody's failure: the same step is done again once the database answers.
      if (isDatabaseAway(error)) {
        forget()
        throw error
      }
      return () => conclude(() => Promise.reject(error))
    }
  }

  return (row, action) => (action === 'remove' ? remove(row) : act(row, action))
}
