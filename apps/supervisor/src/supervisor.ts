/** Starts the parts in order, keeps them alive, and stops all of them in order. */
import { keepAlive } from './keep-alive.ts'
import type { Part, PartSpec, SpawnPart } from './part.ts'
import { type Delay, type Say, stopPart, untilReady } from './part-life.ts'

export interface SupervisorOptions {
  /** In the order of their start. */
  parts: PartSpec[]
  /** Names in the order of their stop. */
  stopOrder: string[]
  spawn: SpawnPart
  say: Say
  /** Milliseconds, monotonic. */
  now: () => number
  delay: Delay
  /** Called with the process ids by part when everything is up, and whenever they change afterwards. */
  onPids?: (pids: Record<string, number>) => void
  readyTimeoutMs?: number
  graceMs?: number
}

export interface Supervisor {
  /** Resolves when every part is ready. Throws a UserError when one is not; the others are stopped then. */
  start: () => Promise<void>
  /** Resolves when all are gone. May be called again at any time. */
  stop: () => Promise<void>
  /** Ends everything at once. */
  killAll: () => void
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { spawn, say, now, delay, readyTimeoutMs = 90_000, graceMs = 10_000 } = options
  const running = new Map<string, Part>()
  const abort = new AbortController()
  const stopping = abort.signal
  let stopped: Promise<void> | null = null

  const reportPids = () =>
    options.onPids?.(Object.fromEntries([...running].map(([name, { pid }]) => [name, pid])))

  async function startPart(spec: PartSpec): Promise<void> {
    const first = spawn(spec)
    running.set(spec.name, first)
    await untilReady(spec.name, first, { delay, timeoutMs: readyTimeoutMs, stopping })
    const onChange = (part: Part | null) => {
      if (part === null) running.delete(spec.name)
      else running.set(spec.name, part)
      reportPids()
    }
    const restart = () => spawn(spec)
    void keepAlive({
      name: spec.name,
      first,
      spawn: restart,
      onChange,
      say,
      now,
      delay,
      readyTimeoutMs,
      stopping,
    })
  }

  async function stopAll(): Promise<void> {
    abort.abort()
    for (const name of options.stopOrder) {
      const part = running.get(name)
      if (part) await stopPart(name, part, { delay, graceMs, say })
    }
  }

  const stop = () => {
    stopped ??= stopAll()
    return stopped
  }
  const start = async () => {
    try {
      for (const spec of options.parts) await startPart(spec)
      reportPids()
    } catch (error) {
      await stop()
      throw error
    }
  }
  return { start, stop, killAll: () => running.forEach((part) => void part.kill()) }
}
