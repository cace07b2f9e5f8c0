/** What this computer tells the platform, and asks it. */
import {
  type ChannelsDeclared,
  channelStates,
  type InstancePost,
  type SchedulesDeclared,
  scheduleStates,
  type Timing,
  timingChecked,
} from '@matrixos/shared'
import * as z from 'zod/mini'
import { createPlatformCaller, type PlatformCall, UNREACHABLE } from '../ai/ask-platform.ts'
import type { AiAccess } from '../ai/request.ts'
import { PlainError } from '../files/plain-words.ts'

const LONGEST_ANSWER = 262_144

const posted = z.object({ state: z.enum(['posted', 'asked']) })
const refusal = z.object({ message: z.string() })

export type ChannelStates = z.infer<typeof channelStates>['channels']
export type ScheduleStates = z.infer<typeof scheduleStates>['schedules']

export interface Platform {
  declareChannels(declared: ChannelsDeclared): Promise<ChannelStates>
  channels(): Promise<ChannelStates>
  declareSchedules(declared: SchedulesDeclared): Promise<ScheduleStates>
  schedules(): Promise<ScheduleStates>
  check(timing: Timing): Promise<z.infer<typeof timingChecked>>
  /** Whether it still works on what it was handed. */
  report(isBusy: boolean): Promise<void>
  /** Tells the feed; `asked`: once its owner agrees. */
  post(post: InstancePost): Promise<z.infer<typeof posted>['state']>
  /** Somebody wanted to run a program that the platform does not want. */
  denied(program: string): Promise<void>
}

/** Rejects with a PlainError when the platform does not answer, or refuses. */
export function createPlatform(access: AiAccess | null): Platform {
  const ask = createPlatformCaller({
    ...{ access, longestBytes: LONGEST_ANSWER },
    unreachable: () => new PlainError(UNREACHABLE),
  })
  async function call<T extends z.ZodMiniType>(
    path: string,
    schema: T,
    sent: PlatformCall = {},
  ): Promise<z.output<T>> {
    const { status, body } = await ask(path, sent)
    if (status >= 400 && status < 500)
      throw new PlainError(refusal.safeParse(body).data?.message ?? UNREACHABLE)
    const parsed = schema.safeParse(body)
    if (status !== 200 || !parsed.success) throw new PlainError(UNREACHABLE)
    return parsed.data
  }

  return {
    declareChannels: async (body) =>
      (await call('/channels', channelStates, { method: 'PUT', body })).channels,
    channels: async () => (await call('/channels', channelStates)).channels,
    declareSchedules: async (body) =>
      (await call('/schedules', scheduleStates, { method: 'PUT', body })).schedules,
    schedules: async () => (await call('/schedules', scheduleStates)).schedules,
    check: (timing) => call('/schedules/check', timingChecked, { method: 'POST', body: { timing } }),
    post: async (body) => (await call('/feed', posted, { method: 'POST', body })).state,
    denied: async (program) =>
      void (await call('/denied', z.object({}), { method: 'POST', body: { program } })),
    report: async (isBusy) => void (await call('/errand', z.object({}), { method: 'PUT', body: { isBusy } })),
  }
}
