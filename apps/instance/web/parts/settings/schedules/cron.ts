/** Cron lines as people choose them: the usual ones by name, any other as it is. */

export const REPEATS = ['hourly', 'daily', 'weekdays', 'weekly', 'own'] as const
export type Repeat = (typeof REPEATS)[number]

export interface Choice {
  repeat: Repeat
  /** `09:00` */
  time: string
  /** 0: Sunday. */
  weekday: string
  /** Where it is none of the others. */
  cron: string
}

export const NEW_CHOICE: Choice = { repeat: 'daily', time: '09:00', weekday: '1', cron: '0 9 * * *' }

export function cronOf({ repeat, time, weekday, cron }: Choice): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  if (repeat === 'own') return cron.trim()
  if (repeat === 'hourly') return `${minute} * * * *`
  const day = { daily: '*', weekdays: '1-5', weekly: weekday }[repeat]
  return `${minute} ${hour} * * ${day}`
}

const two = (text: string) => text.padStart(2, '0')

export function choiceOf(cron: string): Choice {
  const [, minute, hour, day] = /^(\d{1,2}) (\d{1,2}|\*) \* \* (\*|1-5|[0-6])$/.exec(cron.trim()) ?? []
  const own: Choice = { ...NEW_CHOICE, repeat: 'own', cron }
  if (minute === undefined || hour === undefined || day === undefined) return own
  if (hour === '*') return day === '*' ? { ...own, repeat: 'hourly', time: `00:${two(minute)}` } : own
  const time = `${two(hour)}:${two(minute)}`
  if (day === '*') return { ...own, repeat: 'daily', time }
  return day === '1-5'
    ? { ...own, repeat: 'weekdays', time }
    : { ...own, repeat: 'weekly', time, weekday: day }
}

/** A name for the file, of what somebody typed. */
export const idOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
