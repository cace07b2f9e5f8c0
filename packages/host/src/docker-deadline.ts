/** The deadline of every call to the engine: one that accepts a call and never answers must not hold the caller. */
import type Docker from 'dockerode'

/** The client's one way to the engine; all of its calls go through it. */
type Dial = Docker['modem']['dial']
type Callback = NonNullable<Parameters<Dial>[1]>

/**
 * The client's own time-out counts silence on the socket and says nothing when an answer stops half-way, so the time
 * until the whole answer is limited here. Of a stream (events) only the beginning is awaited. `timedOut` makes the
 * error that a late call fails with.
 */
export function withDeadline(dial: Dial, deadlineMs: number, timedOut: () => Error): Dial {
  return (options, callback) => {
    const over = new AbortController()
    let settled = false
    const settle: Callback = (error, result) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      callback?.(error, result)
    }
    const timer = setTimeout(() => {
      settle(timedOut(), null)
      over.abort()
    }, deadlineMs)
    const { abortSignal } = options
    const signals = abortSignal ? [abortSignal, over.signal] : [over.signal]
    dial({ ...options, abortSignal: AbortSignal.any(signals) }, settle)
  }
}
