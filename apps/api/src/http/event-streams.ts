/**
 * Event streams end after some minutes, and clients resume them by themselves: a stream that stays open keeps what it
 * began in, such as the edge's configuration of that time.
 */
import type { Clock } from '../clock.ts'

/** Browsers wait 3 s before they resume, unless told: long enough for a person to notice. */
const SHORTEST_RETRY_MS = 100

export interface EventStreams {
  /** Aborts when a stream that begins now has been open for long enough. */
  deadline: () => AbortSignal
  /** Answers a GET request by `handle`. An answer that is a stream of events ends at its deadline. */
  limit: (request: Request, handle: (request: Request) => Promise<Response>) => Promise<Response>
}

export function createEventStreams({ limitMs, clock }: { limitMs: number; clock: Clock }): EventStreams {
  const deadline = () => AbortSignal.timeout(limitMs)
  /** Spread, so that streams that began together, such as after a restart, do not resume together for ever. */
  const retryMs = () => SHORTEST_RETRY_MS + (clock.random(1)[0] ?? 0)

  return {
    deadline,
    limit: async (request, handle) => {
      const over = new AbortController()
      const signal = AbortSignal.any([request.signal, over.signal])
      const response = await handle(new Request(request, { signal }))
      if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body)
        return response
      const end = () => over.abort()
      const late = deadline()
      late.addEventListener('abort', end)
      signal.addEventListener('abort', () => late.removeEventListener('abort', end), { once: true })
      return new Response(response.body.pipeThrough(startingWith(`retry: ${retryMs()}\n\n`)), response)
    },
  }
}

const startingWith = (text: string) =>
  new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
  })
