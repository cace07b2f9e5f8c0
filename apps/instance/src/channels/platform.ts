/** What this computer tells the platform, and asks it. */
import {
  type ChannelsDeclared,
  channelStates,
  INSTANCE_API,
  type InstancePost,
  type SchedulesDeclared,
  scheduleStates,
  type Timing,
  timingChecked,
} from '@matrixos/shared'
import * as z from 'zod/mini'
import { type AiAccess, sendToProxy } from '../ai/request.ts'
import { PlainError } from '../files/plain-words.ts'

const ANSWER_WITHIN_MS = 15_000
const LONGEST_ANSWER = 262_144
const UNREACHABLE = 'The platform can’t be reached right now. Try again in a moment.'
const NONE = 'There is no platform around this computer.'

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
  async function call<T extends z.ZodMiniType>(
    path: string,
    schema: T,
    sent: { method?: 'PUT' | 'POST'; body?: unknown } = {},
  ): Promise<z.output<T>> {
    if (!access) throw new PlainError(NONE)
    const answer = await sendToProxy(access, `${INSTANCE_API}${path}`, {
      ...{ ...sent, withinMs: ANSWER_WITHIN_MS, longest: LONGEST_ANSWER },
    }).catch(() => {
      throw new PlainError(UNREACHABLE)
    })
    const body = parseJson(answer.text)
    if (answer.status >= 400 && answer.status < 500)
      throw new PlainError(refusal.safeParse(body).data?.message ?? UNREACHABLE)
    const parsed = schema.safeParse(body)
    if (answer.status !== 200 || !parsed.success) throw new PlainError(UNREACHABLE)
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
