/** Solves the puzzle that a sign-up may cost, beside the page, and says while it does. */
import type { Puzzle, SolvedPuzzle } from '@matrixos/shared'

/** How many puzzles are being solved, for whoever draws it. */
export function createProving() {
  let count = 0
  const watchers = new Set<() => void>()
  const change = (by: number) => {
    count += by
    for (const watcher of watchers) watcher()
  }
  return {
    async during<T>(work: () => Promise<T>): Promise<T> {
      change(1)
      try {
        return await work()
      } finally {
        change(-1)
      }
    },
    isBusy: (): boolean => count > 0,
    subscribe(watcher: () => void): () => void {
      watchers.add(watcher)
      return () => {
        watchers.delete(watcher)
      }
    },
  }
}

/** This tab's. */
export const proving = createProving()

/** In a worker: the page stays responsive, and the browser gives it a core of its own where it has one. */
function solve(puzzle: Puzzle): Promise<SolvedPuzzle> {
  const worker = new Worker(new URL('./proof-of-work-worker.ts', import.meta.url), { type: 'module' })
  return new Promise<SolvedPuzzle>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<SolvedPuzzle | null>) => {
      if (data) resolve(data)
      else reject(new Error('The puzzle was not solved in time.'))
    })
    worker.addEventListener('error', () => reject(new Error('The puzzle could not be solved.')))
    worker.postMessage(puzzle)
  }).finally(() => worker.terminate())
}

export const proveWith =
  (fetchPuzzle: () => Promise<Puzzle>, busy: Pick<ReturnType<typeof createProving>, 'during'>) =>
  (): Promise<SolvedPuzzle> =>
    busy.during(async () => solve(await fetchPuzzle()))
