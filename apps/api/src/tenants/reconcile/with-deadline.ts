/** A call that ends: what takes longer fails, and goes on unheard. */
import { setTimeout as delay } from 'node:timers/promises'

/** Throws what `late` makes once `ms` milliseconds have passed. */
export async function withDeadline<T>(call: Promise<T>, ms: number, late: () => Error): Promise<T> {
  const done = new AbortController()
  const over = delay(ms, undefined, { signal: done.signal, ref: false }).then(() => {
    throw late()
  })
  try {
    return await Promise.race([call, over])
  } finally {
    done.abort()
  }
}
