/** Wires schedules: what instances declare, and the loop that wakes them when it is time. */
import { schedulesDeclared, timing } from '@matrixos/shared'
import { z } from 'zod/mini'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { HandOver } from '../errands/hand-over.ts'
import type { InstanceCalls } from '../http/instance-calls.ts'
import { startLoop } from '../jobs/loop.ts'
import { createWorker } from '../jobs/worker.ts'
import type { Limits } from '../limits/module.ts'
import type { Log } from '../log.ts'
import { createRuns } from './runs.ts'
import { createSchedules } from './service.ts'
import { createScheduleStore, type ScheduleRow } from './store.ts'

const LOOK_MS = 5_000
/** Instances that are woken for their schedules at once: many want the same full hour. */
const AT_ONCE = 8

const timingAsked = z.object({ timing })

export interface SchedulesModuleOptions {
  database: Database
  processId: string
  handOver: HandOver
  limits: Pick<Limits, 'schedules'>
  clock: Clock
  log: Log
}

export async function createSchedulesModule(options: SchedulesModuleOptions) {
  const { database, processId, handOver, limits, clock, log } = options
  const store = createScheduleStore({ db: database.db, processId })
  if (database.exclusive) await store.freeAll()
  const worker = createWorker<ScheduleRow>({
    ...{ name: 'schedules', keyOf: ({ instanceId, id }) => `${instanceId} ${id}`, most: AT_ONCE, log },
    claim: (most) => store.claim(new Date(clock.now()), most),
    renew: store.renew,
    perform: createRuns({ store, handOver, clock, log }),
  })
  const loop = startLoop('schedules', LOOK_MS, log, worker.run)
  const schedules = createSchedules({ store, clock, limit: limits.schedules })
  const calls: InstanceCalls = {
    'GET /schedules': schedules.states,
    'PUT /schedules': (instanceId, body) => schedules.declare(instanceId, schedulesDeclared.parse(body)),
    'POST /schedules/check': (instanceId, body) =>
      schedules.check(instanceId, timingAsked.parse(body).timing),
  }
  return {
    calls,
    async close(): Promise<void> {
      await loop.close()
      await worker.close()
      await store
        .release()
        .catch((error: unknown) => log.warn({ err: error }, 'leases run out by themselves'))
    },
  }
}
