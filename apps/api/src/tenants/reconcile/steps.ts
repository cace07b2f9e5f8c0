/**
 * What making and removing an instance take, as lists of steps. Each may be repeated, and is recorded in the row once
 * it is done: whoever goes on after a kill begins with the first that is not. Further ones are added to the lists.
 */
import type { Step } from '@matrixos/shared'
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
  homes: Pick<HomeStore, 'make' | 'remove'>
  specOf: (row: InstanceRow) => Promise<InstanceSpec>
}

export function createInstanceSteps({ runtime, homes, specOf }: InstanceStepsOptions): InstanceSteps {
  return {
    create: [
      { name: 'home', shows: 'home', run: (row) => homes.make(row) },
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
  /** Writes down that a step is done. Throws when that cannot be, and then the next must not begin. */
  record: (doneStep: string) => Promise<void>
}

/** Takes the steps that the row does not have, one after the other. */
export async function takeSteps({ steps, action, row, onStep, record }: TakeStepsOptions): Promise<void> {
  for (const { name, shows, run } of steps[action]) {
    const doneStep = `${action}:${name}`
    if (row.doneSteps.includes(doneStep)) continue
    if (shows) onStep?.(shows)
    await run(row)
    await record(doneStep)
  }
}
