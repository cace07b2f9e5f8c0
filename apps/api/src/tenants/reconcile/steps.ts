/**
 * What making and removing an instance take, as lists of steps. Each may be repeated, and is recorded in the row once
 * it is done: whoever goes on after a kill begins with the first that is not. Further ones are added to the lists.
 */
import { type InstanceId, idSchema, type Step } from '@matrixos/shared'
import type { Log } from '../../log.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import type { InstanceSpec, Runtime } from '../../ports/runtime.ts'
import type { InstanceRow } from '../store.ts'

export interface InstanceStep {
  /** Kept in rows: a step that is there already keeps its name. */
  name: string
  /** What its owner sees meanwhile. */
  shows?: Step
  /** Resolves when it is done, or was before. Throws an AppError whose message is for the owner. */
  run: (row: InstanceRow) => Promise<void>
}

export interface InstanceSteps {
  create: readonly InstanceStep[]
  /** The account and the row, which holds what these need, go after the last one. */
  remove: readonly InstanceStep[]
}

export interface InstanceStepsOptions {
  runtime: Pick<Runtime, 'create' | 'remove'>
  homes: Pick<HomeStore, 'make' | 'ownerOf' | 'setAside' | 'remove' | 'packed'>
  /** Whether the database knows this instance. */
  isKnown: (id: InstanceId) => Promise<boolean>
  specOf: (row: InstanceRow) => Promise<InstanceSpec>
  log: Log
}

export function createInstanceSteps(options: InstanceStepsOptions): InstanceSteps {
  const { runtime, homes, specOf, isKnown, log } = options

  /**
   * A process that was frozen for longer than its lease may have made the home of an instance that was removed
   * meanwhile. The handle is this one's now, so what stands in its place and belongs to nobody moves out of the way.
   */
  async function makeHome(row: InstanceRow): Promise<void> {
    const owner = idSchema('ins').safeParse(await homes.ownerOf(row))
    if (owner.success && owner.data !== row.id && !(await isKnown(owner.data))) {
      log.warn(
        { instance: row.id, handle: row.handle, left: owner.data },
        'setting aside the home of no instance',
      )
      await homes.setAside({ id: owner.data, handle: row.handle })
    }
    // An empty home in the place of one that is packed would be taken for it.
    await homes.packed.unpack(row)
    await homes.make(row)
  }

  return {
    create: [
      { name: 'home', shows: 'home', run: makeHome },
      { name: 'container', shows: 'container', run: async (row) => runtime.create(await specOf(row)) },
    ],
    // The container first: what runs could use, or make again, what the other steps remove.
    remove: [
      { name: 'container', run: (row) => runtime.remove(row.id) },
      { name: 'home', run: (row) => homes.remove(row) },
    ],
  }
}

export interface TakeStepsOptions {
  steps: InstanceSteps
  action: keyof InstanceSteps
  /** As it was when the lease was taken. */
  row: InstanceRow
  onStep?: (step: Step) => void
  /** Waited for before each. */
  before?: () => Promise<void>
  /** Writes down that a step is done. Throws when that cannot be, and then the next must not begin. */
  record: (doneStep: string) => Promise<void>
}

/** Takes the steps that the row does not have, one after the other. */
export async function takeSteps(options: TakeStepsOptions): Promise<void> {
  const { steps, action, row, onStep, before, record } = options
  for (const { name, shows, run } of steps[action]) {
    const doneStep = `${action}:${name}`
    if (row.doneSteps.includes(doneStep)) continue
    if (shows) onStep?.(shows)
    await before?.()
    await run(row)
    await record(doneStep)
  }
}
