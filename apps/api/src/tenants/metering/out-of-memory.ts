/**
 * Notes that a program of a computer was ended for want of memory. A program can have that happen as fast as it likes, and
 * every api process hears of it: once in a while is noted, by one of them.
 */
import type { InstanceId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { createSoleRunner } from '../../jobs/sole-runner.ts'
import type { EventRecorder } from '../events/recorder.ts'

const NOTED_EVERY_MS = 300_000

export interface OutOfMemoryOptions {
  db: Database['db']
  note: EventRecorder['note']
  clock: Pick<Clock, 'random'>
}

export const createOutOfMemory =
  ({ db, note, clock }: OutOfMemoryOptions) =>
  async (id: InstanceId): Promise<void> => {
    // Each as somebody else: whoever comes first has it noted, and nobody again until that lease is over.
    const processId = Buffer.from(clock.random(9)).toString('base64url')
    const turn = createSoleRunner({ db, name: `oom ${id}`, processId, leaseMs: NOTED_EVERY_MS })
    if (await turn.hold()) note(id, 'out_of_memory')
  }
