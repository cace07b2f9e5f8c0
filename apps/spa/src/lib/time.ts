/** Durations and moments in words. */

import { inWords, unitOf } from '@matrixos/shared'

export { inWords }

/** An idle limit as people say it: minutes and below by the number (`30 min`), hours and days in words. */
export const shortDuration = (seconds: number): string =>
  seconds >= 60 && seconds < 3600 ? `${Math.round(seconds / 60)} min` : inWords(seconds)

/** When a computer sleeps by itself, which may be never. */
export const idleLimit = (seconds: number | null): string =>
  seconds === null ? 'Only when you say so' : `After ${shortDuration(seconds)} idle`

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** `3 hours ago`; anything within a minute is `just now`. Times in milliseconds. */
export function timeAgo(iso: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(iso)) / 1000))
  if (seconds < 60) return 'just now'
  const { unit, seconds: size } = unitOf(seconds)
  return relative.format(-Math.floor(seconds / size), unit)
}

/** `January 5, 2030`. */
export const longDate = (iso: string): string => new Date(iso).toLocaleDateString('en', { dateStyle: 'long' })

/** `January 5, 2030 at 3:00 PM`. */
export const dayAndTime = (iso: string): string =>
  new Date(iso).toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' })

/** Whole seconds until a moment, never below 0. */
export const secondsUntil = (iso: string, now: number): number =>
  Math.max(0, Math.ceil((Date.parse(iso) - now) / 1000))

/** Milliseconds before an unanswered question is asked again: 2 s, then twice as long each time, to 10 s. */
export const retryPause = (tries: number): number => Math.min(10_000, 2000 * 2 ** tries)
