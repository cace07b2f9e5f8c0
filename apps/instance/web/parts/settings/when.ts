/** Times as one says them. */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export interface Reader {
  now: Date
  /** Where the reader is. */
  zone: string
  locale?: string
}

/** The page's own texts are English, whatever the browser's language. */
const LOCALE = 'en-GB'

export const readerNow = (): Reader => ({
  now: new Date(),
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
})

/** The day as a number, where the reader is. */
const dayOf = (at: Date, zone: string): number =>
  Date.parse(new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at)) / DAY_MS

/** `at`: ISO 8601. */
export function whenNext(at: string, { now, zone, locale = LOCALE }: Reader): string {
  const date = new Date(at)
  const minutes = Math.round((date.getTime() - now.getTime()) / MINUTE_MS)
  if (minutes < 1) return 'in a moment'
  if (minutes < 60) return new Intl.RelativeTimeFormat(locale).format(minutes, 'minute')
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }).format(date)
  const time = format({ hour: '2-digit', minute: '2-digit' })
  const days = dayOf(date, zone) - dayOf(now, zone)
  if (days <= 1) return `${days === 0 ? 'today' : 'tomorrow'} at ${time}`
  const day = days < 7 ? format({ weekday: 'long' }) : dated(format)
  return `on ${day} at ${time}`
}

const dated = (format: (options: Intl.DateTimeFormatOptions) => string) =>
  `${format({ weekday: 'long' })}, ${format({ day: 'numeric', month: 'long' })}`

export function ago(at: string, now: Date, locale = LOCALE): string {
  const passed = now.getTime() - Date.parse(at)
  const words = new Intl.RelativeTimeFormat(locale)
  if (passed < MINUTE_MS) return 'just now'
  if (passed < HOUR_MS) return words.format(-Math.floor(passed / MINUTE_MS), 'minute')
  if (passed < DAY_MS) return words.format(-Math.floor(passed / HOUR_MS), 'hour')
  return words.format(-Math.floor(passed / DAY_MS), 'day')
}
