/** What instances tell of programs that they refused to run, for their timelines: their owners and administrators see it. */
import { z } from 'zod'
import type { InstanceCalls } from '../http/instance-calls.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { Log } from '../log.ts'
import type { EventRecorder } from './events/recorder.ts'

const denied = z.object({ program: z.string().regex(/^[\w.+ -]{1,64}$/, 'has to be the name of a program') })

export interface DeniedProgramsOptions {
  note: EventRecorder['note']
  /** Of one instance: it may be anybody who says so from within. */
  limit: Pick<AttemptLimit, 'take'>
  log: Log
}

export const deniedProgramCalls = ({ note, limit, log }: DeniedProgramsOptions): InstanceCalls => ({
  'POST /denied': async (instanceId, body) => {
    const { program } = denied.parse(body)
    await limit.take(instanceId)
    note(instanceId, 'program_denied', { detail: program })
    log.warn({ instance: instanceId, program }, 'an instance refused to run a program')
    return {}
  },
})
