/** When something runs next: cron lines in their timezone, and what repeats after so many minutes. */
import { LEAST_SCHEDULE_MINUTES, type Timing } from '@matrixos/shared'
import { Cron } from 'croner'

const MINUTE_MS = 60_000
/** Of a cron line that are looked at: enough to see two that come too soon after each other. */
const LOOKED_AT = 60
const SHOWN = 3

export const TOO_OFTEN = `It would run again within ${LEAST_SCHEDULE_MINUTES} minutes. Choose times that are further apart.`
const NO_ZONE = 'There is no such timezone. Use a name such as Europe/Berlin.'
const NO_CRON =
  'This is not a cron line: five fields, for minute, hour, day, month and weekday, such as 0 9 * * 1.'
const NEVER = 'It would never run.'

/** `*`, a number or a name, from and to, every so many; several of them. */
const PART = '(?:\\*|\\d{1,2}|[a-z]{3})(?:-(?:\\d{1,2}|[a-z]{3}))?(?:/\\d{1,2})?'
/**
 * What every cron reads, and the last day of a month. More than that, such as `15W * +1#5`, takes the library a hundred
 * times as long to look through, and everybody waits meanwhile.
 */
const CRON = new RegExp(`^(?:@[a-z]+|(?:(?:L|${PART}(?:,${PART})*)(?: +|$)){5})$`, 'i')

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function runsOf(cron: string, timezone: string, from: Date, count: number): Date[] {
  return new Cron(cron, { timezone, mode: '5-part', paused: true }).nextRuns(count, from)
}

const isTooOften = (runs: Date[]): boolean =>
  runs.some((run, at) => {
    const next = runs[at + 1]
    return next !== undefined && next.getTime() - run.getTime() < LEAST_SCHEDULE_MINUTES * MINUTE_MS
  })

export type Planned = { next: Date[]; problem: null } | { next: []; problem: string }

/** The runs after `from`; `problem` says in plain words why there are none. */
export function plan(timing: Timing, from: Date): Planned {
  if ('everyMinutes' in timing) {
    const step = timing.everyMinutes * MINUTE_MS
    return {
      next: Array.from({ length: SHOWN }, (_, at) => new Date(from.getTime() + (at + 1) * step)),
      problem: null,
    }
  }
  const { cron, timezone } = timing
  const refuse = (problem: string): Planned => ({ next: [], problem })
  if (!isTimezone(timezone)) return refuse(NO_ZONE)
  if (!CRON.test(cron.trim())) return refuse(NO_CRON)
  try {
    const runs = runsOf(cron, timezone, from, LOOKED_AT)
    if (runs.length === 0) return refuse(NEVER)
    return isTooOften(runs) ? refuse(TOO_OFTEN) : { next: runs.slice(0, SHOWN), problem: null }
  } catch {
    return refuse(NO_CRON)
  }
}
