/** What computers say to the platform by themselves, at `PLATFORM_INTERNAL_URL`: whatever runs in one may be who speaks. */
import { memoryLimit } from './attempt-limit.ts'
import type { LimitValues } from './defaults.ts'

const MINUTE_S = 60
const HOUR_S = 3600

export const instanceLimits = (env: LimitValues) => ({
  instanceCalls: memoryLimit({
    name: 'instance-call',
    attempts: env.CALLS_PER_INSTANCE_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'This computer has called the platform too often in the last minute.',
  }),
  matrixDevices: memoryLimit({
    name: 'matrix-device',
    attempts: env.MATRIX_DEVICES_PER_INSTANCE_PER_HOUR,
    seconds: HOUR_S,
    message: 'This computer has asked for too many Matrix devices in the last hour.',
  }),
  schedules: memoryLimit({
    name: 'schedules',
    attempts: env.SCHEDULE_CHANGES_PER_INSTANCE_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'Schedules were changed too often in the last minute.',
  }),
  deniedPrograms: memoryLimit({
    name: 'denied-program',
    attempts: env.DENIED_PROGRAMS_PER_INSTANCE_PER_HOUR,
    seconds: HOUR_S,
    message: 'Too many reports of refused programs in the last hour.',
  }),
})
