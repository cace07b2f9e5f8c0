/** What every benchmark gives back, and the sums they share. */

/** Printed as the last line of a run. `ratio`: a figure over its floor, both of the same run. */
export interface BenchResult {
  bench: string
  /** `false` when any request failed or had a wrong status; a benchmark whose requests throw then never gets here. */
  ok: boolean
  figures: Record<string, number>
  floor: Record<string, number>
  ratio: Record<string, number | null>
  notes: string
}

/** The value below which that share of the samples lies; 0.5 is the median. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN]
  return low + (high - low) * (at - Math.floor(at))
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5)

/** Two decimals are more than these machines can tell apart. */
export const round = (value: number): number => Math.round(value * 100) / 100

/** Milliseconds that a task took. */
export async function timed(task: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await task()
  return performance.now() - before
}

/** Runs tasks in order, at most `concurrency` at once; their results keep the order. */
export async function inParallel<T>(tasks: readonly (() => Promise<T>)[], concurrency: number): Promise<T[]> {
  const results: T[] = []
  const left = tasks.entries()
  const worker = async () => {
    for (const [index, task] of left) results[index] = await task()
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return results
}
