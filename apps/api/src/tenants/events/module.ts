/** Wires the timelines of instances. */
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import type { Log } from '../../log.ts'
import { createEventRecorder } from './recorder.ts'
import { type Alongside, createEventStore } from './store.ts'

export interface EventsOptions {
  database: Database
  alongside?: Alongside
  clock: Clock
  log: Log
}

export function createInstanceEvents({ database, alongside, clock, log }: EventsOptions) {
  const store = createEventStore(database, alongside)
  return { ...createEventRecorder({ store, clock, log }), store }
}
