/**
 * The line of instances that wait for memory, the same in every api: those that somebody waits for first, and of them
 * whoever has waited longest. Nobody who comes later is started before those at its head.
 */
import type { Clock } from '../../clock.ts'
import type { InstanceCache } from '../cache.ts'
import type { InstanceRow } from '../store.ts'
import { WAITS_FOR_MEMORY } from './admission.ts'

/** So many look for room at once: one that cannot start holds up nobody else. */
const HEADS = 4
/** Whose pace is told of: that many starts of instances that had waited, none of them older. */
const MOST_REMEMBERED = 10
const REMEMBERED_MS = 600_000

export interface Place {
  /** From 1. */
  place: number
  /** Seconds until its turn, by how fast the line has moved; `null`: it has not moved yet. */
  aboutS: number | null
}

export interface WaitingLineOptions {
  cache: Pick<InstanceCache, 'all' | 'onChange'>
  isVisited: (row: InstanceRow) => boolean
  clock: Pick<Clock, 'monotonic'>
}

export type WaitingLine = ReturnType<typeof createWaitingLine>

const isWaiting = (row: InstanceRow): boolean =>
  row.desired === 'awake' && row.observed === 'stopped' && row.error?.message === WAITS_FOR_MEMORY.message

export function createWaitingLine({ cache, isVisited, clock }: WaitingLineOptions) {
  const waiting = new Set([...cache.all()].filter(isWaiting).map(({ id }) => id))
  let starts: number[] = []
  cache.onChange(({ row, removed }) => {
    if (!removed && isWaiting(row)) waiting.add(row.id)
    else if (waiting.delete(row.id) && row.observed === 'starting')
      starts = [...starts, clock.monotonic()].slice(-MOST_REMEMBERED)
  })

  /** Those who would be started before it. */
  function ahead(row: InstanceRow): number {
    if (waiting.size === 0) return 0
    const isMineVisited = isVisited(row)
    const since = isWaiting(row) ? row.observedAt.getTime() : Number.POSITIVE_INFINITY
    const isBefore = (other: InstanceRow): boolean => {
      if (other.id === row.id || !isWaiting(other)) return false
      const isOtherVisited = isVisited(other)
      if (isOtherVisited !== isMineVisited) return isOtherVisited
      const otherSince = other.observedAt.getTime()
      return otherSince < since || (otherSince === since && other.id < row.id)
    }
    return [...cache.all()].filter(isBefore).length
  }

  function aboutS(place: number): number | null {
    const now = clock.monotonic()
    const recent = starts.filter((at) => at > now - REMEMBERED_MS)
    const [first] = recent
    if (first === undefined || recent.length < 2) return null
    return Math.max(1, Math.round((place * (now - first)) / recent.length / 1_000))
  }

  return {
    /** Whether it may look for room now. */
    isItsTurn: (row: InstanceRow): boolean => ahead(row) < HEADS,

    /** `null`: it does not wait. */
    placeOf(row: InstanceRow): Place | null {
      if (!isWaiting(row)) return null
      const place = ahead(row) + 1
      return { place, aboutS: aboutS(place) }
    },
  }
}

const ORDINAL = new Intl.PluralRules('en', { type: 'ordinal' })
const ENDINGS: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' }

/** As whoever waits reads it: `3rd in line, about 20 s.` */
export function placeText({ place, aboutS }: Place): string {
  if (place === 1 && aboutS === null) return 'Next in line.'
  const nth = place === 1 ? 'Next' : `${place}${ENDINGS[ORDINAL.select(place)]}`
  const time =
    aboutS === null ? '' : aboutS < 90 ? `, about ${aboutS} s` : `, about ${Math.round(aboutS / 60)} min`
  return `${nth} in line${time}.`
}
