/** What an instance says of its schedules, and what it is told of them. */
import {
  HEARTBEAT,
  type InstanceId,
  type ScheduleState,
  type SchedulesDeclared,
  type Timing,
} from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { ScheduleStore } from './store.ts'
import { plan } from './timing.ts'

export interface SchedulesOptions {
  store: Pick<ScheduleStore, 'declare' | 'list'>
  clock: Pick<Clock, 'now'>
  /** Of one instance: looking through cron lines is work, and instances write what they like. */
  limit: Pick<AttemptLimit, 'take'>
}

const iso = (at: Date | null) => at?.toISOString() ?? null

export function createSchedules({ store, clock, limit }: SchedulesOptions) {
  async function states(instanceId: InstanceId): Promise<{ schedules: ScheduleState[] }> {
    const rows = await store.list(instanceId)
    return {
      schedules: rows.map(({ id, nextRunAt, lastRunAt, problem }) => ({
        ...{ id, nextRunAt: iso(nextRunAt), lastRunAt: iso(lastRunAt), problem },
      })),
    }
  }

  return {
    states,

    async declare(instanceId: InstanceId, { schedules }: SchedulesDeclared) {
      const ids = schedules.map(({ id }) => id)
      if (new Set(ids).size < ids.length)
        throw new AppError('invalid_input', 'Two schedules have the same name.')
      await limit.take(instanceId)
      const now = new Date(clock.now())
      const planned = schedules.map(({ id, timing }) => {
        if (id !== HEARTBEAT && 'everyMinutes' in timing)
          return { id, timing, nextRunAt: null, problem: 'Only the heartbeat repeats after minutes.' }
        const { next, problem } = plan(timing, now)
        return { id, timing, nextRunAt: next[0] ?? null, problem }
      })
      await store.declare(instanceId, planned)
      return states(instanceId)
    },

    /** The next runs of what somebody is writing. */
    async check(instanceId: InstanceId, timing: Timing): Promise<{ next: string[]; problem: string | null }> {
      await limit.take(instanceId)
      const { next, problem } = plan(timing, new Date(clock.now()))
      return { next: next.map((at) => at.toISOString()), problem }
    },
  }
}
