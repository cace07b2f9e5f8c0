/** What the edge's benchmark says: medians, and ratios taken round by round. */
import type { Load } from './edge-parts.ts'
import type { Visits } from './edge-visitors.ts'
import { type BenchResult, median } from './result.ts'

/** How many each list has that is measured. */
export const ROUTES = [1, 1000, 10_000]

export type Loads = Record<string, Load[]>

export interface Churn {
  droppedWebSockets: number
  visits: Visits
  floorVisits: Visits
  changeMs: number[]
  memoryBeforeMb: number
  memoryAfterMb: number
}

export function result(loads: Loads, churn: Churn, notes: string): BenchResult {
  const values = (name: string, key: keyof Load) => (loads[name] ?? []).map((measured) => measured[key])
  const middle = (name: string, key: keyof Load) => Math.round(median(values(name, key)) * 10) / 10
  // Ratios are taken round by round, of neighbours in time.
  const ratio = (a: string, b: string) => {
    const base = values(b, 'requestsPerSecond')
    const ratios = values(a, 'requestsPerSecond').map((value, i) => value / (base[i] ?? Number.NaN))
    return Math.round(median(ratios) * 1000) / 1000
  }
  const failed = (names: string[]) =>
    names.flatMap((name) => values(name, 'failed')).reduce((sum, count) => sum + count, 0)
  const floorNames = ['bare', 'bareStatic', 'chp']
  const gateNames = ['gate', 'pass'].flatMap((way) => [
    ...ROUTES.map((count) => `${way}${count}`),
    `${way}Static`,
  ])
  const figures: Record<string, number> = {
    droppedWebSockets: churn.droppedWebSockets,
    failedRequests: failed(gateNames) + churn.visits.failed,
    changeP50Ms: Math.round(median(churn.changeMs)),
    p99MsWhileChanging: churn.visits.p99Ms,
    failedWhileChanging: churn.visits.failed,
    notConnectedWhileChanging: churn.visits.notConnected,
    visitsWhileChanging: churn.visits.answered,
    askedAgainWhileChanging: churn.visits.askedAgain,
    caddyMbBefore: churn.memoryBeforeMb,
    caddyMbAfter: churn.memoryAfterMb,
  }
  for (const name of gateNames) describeLoad(figures, name, middle)
  const floor: Record<string, number> = {
    failedRequests: failed(floorNames) + churn.floorVisits.failed,
    p99MsWhileChanging: churn.floorVisits.p99Ms,
    failedWhileChanging: churn.floorVisits.failed,
    askedAgainWhileChanging: churn.floorVisits.askedAgain,
  }
  for (const name of floorNames) describeLoad(floor, name, middle)
  return {
    bench: 'edge',
    ok: figures.failedRequests === 0 && figures.droppedWebSockets === 0,
    ...{ figures, floor, notes },
    ratio: {
      passOverBare: ratio('pass1', 'bare'),
      passOverBareStatic: ratio('passStatic', 'bareStatic'),
      passOverChp: ratio('pass1', 'chp'),
      gateOverBare: ratio('gate1', 'bare'),
      gateOverBareStatic: ratio('gateStatic', 'bareStatic'),
      gateOverChp: ratio('gate1', 'chp'),
      routes10000Over1: ratio('gate10000', 'gate1'),
      passRoutes10000Over1: ratio('pass10000', 'pass1'),
    },
  }
}

function describeLoad(
  into: Record<string, number>,
  name: string,
  middle: (name: string, key: keyof Load) => number,
): void {
  into[`${name}RequestsPerSecond`] = middle(name, 'requestsPerSecond')
  into[`${name}P50Ms`] = middle(name, 'p50Ms')
  into[`${name}P99Ms`] = middle(name, 'p99Ms')
}
