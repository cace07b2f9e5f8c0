/** A time as it is typed: a number with its unit. Pure. */

const UNITS = [
  { unit: 'days', seconds: 86_400, names: /^d(ays?)?$/ },
  { unit: 'h', seconds: 3_600, names: /^h(ours?)?$/ },
  { unit: 'min', seconds: 60, names: /^(m|min|minutes?)?$/ },
  { unit: 's', seconds: 1, names: /^s(ec|econds?)?$/ },
] as const
const TYPED = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/

/** In the largest unit that leaves a whole number: `5400` → `90 min`, `2592000` → `30 days`. */
export function durationTyped(seconds: number): string {
  const found = UNITS.find((each) => seconds >= each.seconds && seconds % each.seconds === 0)
  if (!found) return `${seconds} s`
  const count = seconds / found.seconds
  return `${count} ${count === 1 && found.unit === 'days' ? 'day' : found.unit}`
}

/** Whole seconds; without a unit, minutes are meant. `NaN`: no time. */
export function secondsTyped(text: string): number {
  const [, amount, name = ''] = TYPED.exec(text.trim().toLowerCase()) ?? []
  const found = UNITS.find(({ names }) => names.test(name))
  return amount && found ? Math.round(Number(amount) * found.seconds) : Number.NaN
}
