/** The engine's event stream, reopened whenever it ends. */
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { RuntimeEvent } from '../../../ports/runtime.ts'
import type { DockerContext } from './context.ts'
import { PLATFORM_LABEL } from './labels.ts'
import { keyOf } from './view.ts'

const KINDS: Record<string, RuntimeEvent['kind']> = {
  start: 'started',
  die: 'stopped',
  pause: 'paused',
  unpause: 'unpaused',
  destroy: 'removed',
  oom: 'oom',
}

const engineEventSchema = z.object({
  Action: z.string(),
  timeNano: z.number(),
  Actor: z.object({ Attributes: z.record(z.string(), z.string()) }),
})

/** One line of the stream; `null` for what is none of ours. `atS`: seconds since 1970. */
export function readEvent(line: string): { event: RuntimeEvent; atS: number } | null {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return null
  }
  const parsed = engineEventSchema.safeParse(json)
  if (!parsed.success) return null
  const kind = KINDS[parsed.data.Action]
  const key = keyOf(parsed.data.Actor.Attributes)
  return kind && key ? { event: { ...key, kind }, atS: parsed.data.timeNano / 1e9 } : null
}

async function* linesOf(stream: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of stream) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

async function openStream(
  { engine, settings }: DockerContext,
  since: number | undefined,
  signal: AbortSignal,
) {
  return await engine.getEvents({
    filters: {
      type: ['container'],
      label: [`${PLATFORM_LABEL}=${settings.platformId}`],
      event: Object.keys(KINDS),
    },
    abortSignal: signal,
    ...(since === undefined ? {} : { since }),
  })
}

/** After an interruption the engine is asked for what was missed; it may repeat the last event. */
export async function* watchEvents(
  context: DockerContext,
  signal: AbortSignal,
): AsyncGenerator<RuntimeEvent> {
  const [first, longest] = context.settings.timing.reconnectMs
  let since: number | undefined
  let wait = first
  while (!signal.aborted) {
    try {
      const lifetime = AbortSignal.timeout(context.settings.timing.eventStreamMs)
      const stream = await openStream(context, since, AbortSignal.any([signal, lifetime]))
      wait = first
      for await (const line of linesOf(stream as AsyncIterable<Buffer>)) {
        const read = readEvent(line)
        if (!read) continue
        since = read.atS
        yield read.event
      }
    } catch {
      // The engine is away: events are hints, and the timed resync tells what the matter is.
    }
    await delay(wait, undefined, { signal }).catch(() => undefined)
    wait = Math.min(wait * 2, longest)
  }
}
