/** What the settings ask about schedules and the heartbeat. */
import { randomUUID } from 'node:crypto'
import { CHANNEL_KINDS, HEARTBEAT, MOST_SCHEDULES, type ScheduledRun, timing } from '@matrixos/shared'
import * as z from 'zod/mini'
import { heartbeat, schedule } from '../channels/config.ts'
import type { ConfigFile } from '../channels/config-file.ts'
import type { Platform, ScheduleStates } from '../channels/platform.ts'
import { SCHEDULES_API, type SchedulesView } from '../channels/protocol.ts'
import { wordsOf } from '../channels/set-up.ts'
import type { StateFile } from '../channels/state.ts'
import { readJson } from '../http/json-body.ts'
import { RequestProblem } from '../http/problem.ts'
import { type Ask, answering, type Route } from '../http/routes.ts'

export interface ScheduleRoutesOptions {
  file: ConfigFile
  state: StateFile
  platform: Pick<Platform, 'schedules' | 'check'>
  settle: () => Promise<void>
  takeRun: (run: ScheduledRun) => Promise<void>
  now: () => Date
}

const anything = z.record(z.string(), z.unknown())
const timingAsked = z.object({ timing })

/** Throws what is wrong, and with which field. */
function checked<T extends z.ZodMiniType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new RequestProblem(400, `This doesn’t look right: ${issue?.message}.`, {
    field: String(issue?.path[0] ?? ''),
  })
}

const listOf = (raw: Record<string, unknown>): unknown[] =>
  Array.isArray(raw.schedules) ? raw.schedules : []
const isCalled = (id: string) => (one: unknown) => Object(one).id === id

export function scheduleRoutes(options: ScheduleRoutesOptions): Route[] {
  const { file, state, platform, settle, takeRun, now } = options
  const path = `${SCHEDULES_API}/:id`
  const owner = { who: 'owner' } as const

  const asked = async (): Promise<{ states: ScheduleStates; trouble: string | null }> => {
    try {
      return { states: await platform.schedules(), trouble: null }
    } catch (error) {
      return { states: [], trouble: wordsOf(error) }
    }
  }

  async function view(): Promise<SchedulesView> {
    const [{ results }, { states, trouble }] = await Promise.all([state.read(), asked(), file.read()])
    const { channels, schedules, heartbeat } = file.effective()
    const seen = (id: string) => {
      const { nextRunAt = null, problem = null } = states.find((one) => one.id === id) ?? {}
      return { nextRunAt, problem, last: results[id] ?? null }
    }
    return {
      platformTrouble: trouble,
      schedules: schedules.map(({ channel = null, ...one }) => ({ ...one, channel, ...seen(one.id) })),
      heartbeat: heartbeat && { ...heartbeat, channel: heartbeat.channel ?? null, ...seen(HEARTBEAT) },
      channels: CHANNEL_KINDS.filter((kind) => channels[kind]?.people.length),
    }
  }

  /** Also while the platform is away: it is told as soon as it is back. */
  async function settled(): Promise<SchedulesView> {
    await settle().catch(() => undefined)
    return view()
  }

  /** Nothing is saved that would never run. Without the platform, it says so itself later. */
  async function checkTiming(asked: z.output<typeof timing>): Promise<void> {
    const { problem } = await platform.check(asked).catch(() => ({ problem: null }))
    if (problem) throw new RequestProblem(400, problem, { field: 'cron' })
  }

  async function put(ask: Ask): Promise<SchedulesView> {
    const body = await readJson(ask.request, anything)
    if (ask.id === HEARTBEAT) {
      const beat = checked(heartbeat, body)
      await file.change((raw) => ({ ...raw, heartbeat: beat }))
      return settled()
    }
    const one = checked(schedule, { ...body, id: ask.id })
    await checkTiming({ cron: one.cron, timezone: one.timezone })
    await file.change((raw) => {
      const list = listOf(raw)
      const at = list.findIndex(isCalled(one.id))
      if (at < 0 && list.length >= MOST_SCHEDULES)
        throw new RequestProblem(409, `There can be ${MOST_SCHEDULES} schedules at most.`)
      return { ...raw, schedules: at < 0 ? [...list, one] : list.with(at, one) }
    })
    return settled()
  }

  async function remove({ id }: Ask): Promise<SchedulesView> {
    await file.change(({ heartbeat, ...raw }) => {
      if (id === HEARTBEAT) return raw
      const schedules = listOf(raw).filter((one) => !isCalled(id)(one))
      return { ...raw, ...(heartbeat !== undefined && { heartbeat }), schedules }
    })
    await state.change(({ results: { [id]: _, ...results }, ...rest }) => ({ ...rest, results }))
    return settled()
  }

  return [
    answering({ ...owner, method: 'GET', path: SCHEDULES_API }, view),
    answering({ ...owner, method: 'POST', path: `${SCHEDULES_API}/check` }, async ({ request }) => {
      const { timing } = await readJson(request, timingAsked)
      return platform.check(timing).catch((error: unknown) => {
        throw new RequestProblem(503, wordsOf(error))
      })
    }),
    answering({ ...owner, method: 'PUT', path }, put),
    answering({ ...owner, method: 'DELETE', path }, remove),
    answering({ ...owner, method: 'POST', path: `${path}/run` }, async ({ id }) => {
      const { schedules, heartbeat } = file.effective()
      if (!(id === HEARTBEAT ? heartbeat : schedules.some((one) => one.id === id)))
        throw new RequestProblem(404, 'There is no such schedule any more.')
      await takeRun({ id: `${id}-now-${randomUUID()}`, schedule: id, dueAt: now().toISOString() })
      return {}
    }),
  ]
}
