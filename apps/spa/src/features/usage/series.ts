/** A day of use as columns: one for half an hour, none where the computer slept. Pure. */
import { USAGE_HOURS, USAGE_STEP_S, type UsagePoint, type UsageView } from '@matrixos/shared'

/** Quarters of an hour in one column. */
const MERGED = 2
const COLUMN_MS = MERGED * USAGE_STEP_S * 1000
export const COLUMNS = (USAGE_HOURS * 3_600_000) / COLUMN_MS

export interface Series {
  values: (number | null)[]
  /** Of the last point; `null`: there is none. */
  last: number | null
  most: number
}

/** The last column is that of `now`. `scale`: what fills a column; left out, the most that there was does. */
export function seriesOf(
  points: readonly UsagePoint[],
  now: number,
  read: (point: UsagePoint) => number | null,
  scale?: number,
): Series {
  const end = Math.floor(now / COLUMN_MS)
  const columns = new Map<number, number>()
  let last: number | null = null
  for (const point of points) {
    const value = read(point)
    if (value === null) continue
    const column = Math.floor(Date.parse(point.at) / COLUMN_MS) - end + COLUMNS - 1
    columns.set(column, Math.max(columns.get(column) ?? 0, value))
    last = value
  }
  const most = Math.max(0, ...columns.values())
  const full = scale ?? most
  const values = Array.from({ length: COLUMNS }, (_, column) => {
    const value = columns.get(column)
    return value === undefined ? null : full > 0 ? value / full : 0
  })
  return { values, last, most }
}

/** What a computer moved over the network in that quarter of an hour, by second. */
export const trafficOf = ({ receivedBytes, sentBytes }: UsagePoint): number =>
  (receivedBytes + sentBytes) / USAGE_STEP_S

export const trafficSum = ({ points }: UsageView): number =>
  points.reduce((sum, { receivedBytes, sentBytes }) => sum + receivedBytes + sentBytes, 0)
