/** Lets work through one by one, or a few at a time. */
import { RequestProblem } from '../../http/problem.ts'

export type Gate = <T>(work: () => Promise<T>) => Promise<T>

/** One after the other, in order: between a check and what it allows, no other work of the gate happens. */
export function createGate(): Gate {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
}

/** Refuses with 429 what comes while so many are at work. */
export function createLimit(atOnce: number, message: string): Gate {
  let running = 0
  return async (work) => {
    if (running >= atOnce) throw new RequestProblem(429, message)
    running++
    try {
      return await work()
    } finally {
      running--
    }
  }
}
