/** Which cases are struck by which kill, in which order: drawn from a seed, every case by every victim. */
import type { ChaosCase } from './case.ts'
import { VICTIMS, type Victim } from './world.ts'

export interface Round {
  victim: Victim
  cases: readonly ChaosCase[]
  /** Before the kill, once all of it is under way; milliseconds. */
  pauseMs: number
}

/** Mulberry32: the same numbers for the same seed. */
export function drawsOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function shuffled<T>(items: readonly T[], draw: () => number): T[] {
  const keyed = items.map((item) => ({ item, key: draw() }))
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item)
}

/** What belongs together is by itself. The rest in groups of the sizes in turn; the last one may be smaller. */
function groupsOf(cases: readonly ChaosCase[], sizes: readonly number[], draw: () => number): ChaosCase[][] {
  const sets = Object.values(Object.groupBy(cases.filter(isInSet), ({ together }) => together ?? ''))
  const rest = groups(
    shuffled(
      cases.filter((each) => !isInSet(each)),
      draw,
    ),
    sizes,
  )
  return shuffled([...rest, ...sets.flatMap((set) => (set ? [set] : []))], draw)
}

const isInSet = ({ together }: ChaosCase): boolean => together !== undefined

function groups<T>(items: readonly T[], sizes: readonly number[]): T[][] {
  const found: T[][] = []
  for (let at = 0; at < items.length; ) {
    const size = sizes[found.length % sizes.length] ?? 1
    found.push(items.slice(at, at + size))
    at += size
  }
  return found
}

export interface PlanOptions {
  seed: number
  cases: readonly ChaosCase[]
  /** How many cases one kill strikes, in turn: alone, and beside others. */
  atOnce: readonly number[]
}

/** Unless said otherwise: as many kills as fit into ten minutes. */
export const AT_ONCE = '3'
const MOST_PAUSE_MS = 150

/** Victims take turns: the supervisor waits longer each time before it starts what dies again and again. */
export function planRounds({ seed, cases, atOnce }: PlanOptions): Round[] {
  const draw = drawsOf(seed)
  const ofVictims = shuffled(VICTIMS, draw).map((victim) => ({
    victim,
    groups: groupsOf(cases, atOnce, draw),
  }))
  const turns = Math.max(0, ...ofVictims.map((each) => each.groups.length))
  return Array.from({ length: turns }, (_, turn) =>
    ofVictims.flatMap(({ victim, groups: own }) => {
      const struck = own[turn]
      return struck ? [{ victim, cases: struck, pauseMs: Math.round(draw() * MOST_PAUSE_MS) }] : []
    }),
  ).flat()
}
