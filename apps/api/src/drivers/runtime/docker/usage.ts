/** What a container uses, as the engine reads it from the kernel. */
import { z } from 'zod'
import type { ContainerKey, RuntimeUsage } from '../../../ports/runtime.ts'
import type { DockerContext } from './context.ts'
import { statusOf } from './engine-error.ts'
import { findContainer } from './inspect.ts'
import { isActive } from './view.ts'

const count = z.number().min(0)

/** Of a container that does not run, the engine leaves figures out, or says 0. */
const statsSchema = z.object({
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: count }) }),
  memory_stats: z.object({
    usage: count.optional(),
    stats: z.object({ total_inactive_file: count.optional(), inactive_file: count.optional() }).optional(),
  }),
  networks: z.record(z.string(), z.object({ rx_bytes: count, tx_bytes: count })).optional(),
})

/** `one-shot`: without it the engine waits for a second look, one second or more. */
const ONCE = { stream: false, 'one-shot': true } as const

/** As `docker stats` counts memory: what the kernel may drop at any time is left out. */
function usageFrom(answer: unknown): RuntimeUsage | null {
  const { cpu_stats, memory_stats, networks } = statsSchema.parse(answer)
  const { usage, stats } = memory_stats
  if (usage === undefined) return null
  const droppable = stats?.total_inactive_file ?? stats?.inactive_file ?? 0
  const cards = Object.values(networks ?? {})
  return {
    cpuMs: cpu_stats.cpu_usage.total_usage / 1e6,
    memoryBytes: Math.max(0, usage - droppable),
    receivedBytes: cards.reduce((sum, { rx_bytes }) => sum + rx_bytes, 0),
    sentBytes: cards.reduce((sum, { tx_bytes }) => sum + tx_bytes, 0),
  }
}

export async function usageOf(
  context: DockerContext,
  key: ContainerKey & { handle?: string },
): Promise<RuntimeUsage | null> {
  const info = await findContainer(context, key)
  if (!info || !isActive(info.State.Status)) return null
  const answer: unknown = await context.engine
    .getContainer(info.Id)
    .stats(ONCE)
    .catch((error: unknown) => {
      if (statusOf(error) === 404) return null
      throw error
    })
  return answer === null ? null : usageFrom(answer)
}
