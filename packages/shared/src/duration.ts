/** Durations as people say them. */

const UNITS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const

/** The largest unit that so many seconds fill, and its length. */
export const unitOf = (seconds: number) =>
  UNITS.find((entry) => seconds >= entry.seconds) ?? ({ unit: 'second', seconds: 1 } as const)

/** `90` → `2 minutes`, rounded up, because a wait that ends later than promised annoys. */
export function inWords(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds))
  const { unit, seconds: size } = unitOf(whole)
  const count = Math.ceil(whole / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
