import { describe, expect, test } from 'vitest'
import type { Exit, Part, PartSpec } from './part.ts'
import { createRestartPolicy } from './restart-policy.ts'
import { createSupervisor } from './supervisor.ts'

test('doubles pauses up to a ceiling, and resets them after a long life', () => {
  const policy = createRestartPolicy()
  expect([0, 0, 0, 0, 0, 0, 0].map(policy.next)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000])
  expect(policy.next(30_000)).toBe(500)
  expect(policy.next(0)).toBe(1000)
})

interface FakePart extends Part {
  name: string
  becomeReady: () => void
  end: (exit: Exit) => void
}

/** Parts that do what the test says; pauses between restarts pass at once, other timers never. */
function rig(options: { obeysTerm?: boolean; autoReady?: boolean; readyTimeoutMs?: number } = {}) {
  const { obeysTerm = true, autoReady = true, readyTimeoutMs = 90_000 } = options
  const log: string[] = []
  const parts: FakePart[] = []
  const spawn = ({ name }: PartSpec): Part => {
    const ready = Promise.withResolvers<void>()
    const exited = Promise.withResolvers<Exit>()
    const part: FakePart = {
      name,
      pid: 100 + parts.length,
      ready: ready.promise,
      exited: exited.promise,
      ask: () => {},
      becomeReady: ready.resolve,
      end: exited.resolve,
      terminate: () => {
        log.push(`term ${name}`)
        if (obeysTerm) exited.resolve({ code: 0, signal: null })
      },
      kill: () => {
        log.push(`kill ${name}`)
        exited.resolve({ code: null, signal: 'SIGKILL' })
      },
    }
    log.push(`spawn ${name}`)
    parts.push(part)
    if (autoReady) ready.resolve()
    return part
  }
  const instant = new Set([500, 1000, 10_000])
  const waiting: { ms: number; done: () => void }[] = []
  const pids: Record<string, number>[] = []
  const supervisor = createSupervisor({
    parts: ['api', 'spa', 'edge'].map((name) => ({ name, command: [name] as [string], env: {} })),
    stopOrder: ['edge', 'spa', 'api'],
    spawn,
    say: (_level, message) => void log.push(message),
    now: () => 0,
    delay: (ms, signal) =>
      instant.has(ms)
        ? Promise.resolve()
        : new Promise((done) => {
            signal.addEventListener('abort', () => done())
            waiting.push({ ms, done })
          }),
    onPids: (found) => void pids.push(found),
    graceMs: obeysTerm ? 60_000 : 10_000,
    readyTimeoutMs,
  })
  return {
    supervisor,
    log,
    parts,
    pids,
    spawned: (name: string) => parts.filter((part) => part.name === name),
    /** Lets the latest timer of that length run out. */
    expire: (ms: number) => waiting.findLast((timer) => timer.ms === ms)?.done(),
  }
}

describe('the supervisor', () => {
  test('starts in order and stops in the other one', async () => {
    const { supervisor, log, pids } = rig()
    await supervisor.start()
    expect(pids).toEqual([{ api: 100, spa: 101, edge: 102 }])
    await supervisor.stop()
    expect(log.filter((line) => /^(spawn|term)/.test(line))).toEqual([
      'spawn api',
      'spawn spa',
      'spawn edge',
      'term edge',
      'term spa',
      'term api',
    ])
  })

  test('starts a crashed part again, and says so', async () => {
    const { supervisor, log, spawned, pids } = rig()
    await supervisor.start()
    spawned('api')[0]?.end({ code: 1, signal: null })
    await expect.poll(() => spawned('api').length).toBe(2)
    await expect.poll(() => log).toContain('api is back')
    expect(log).toContain('api exited (exit code 1); restarting in 0.5 s')
    expect(pids.at(-1)).toMatchObject({ api: 103 })
    spawned('api')[1]?.end({ code: null, signal: 'SIGKILL' })
    await expect.poll(() => log).toContain('api exited (SIGKILL); restarting in 1 s')
    await supervisor.stop()
  })

  test('kills and restarts a restarted part that never gets ready', async () => {
    const { supervisor, log, parts, spawned, expire } = rig({ autoReady: false, readyTimeoutMs: 30_000 })
    const started = supervisor.start()
    for (const at of [0, 1, 2]) {
      await expect.poll(() => parts.length).toBe(at + 1)
      parts[at]?.becomeReady()
    }
    await started
    spawned('api')[0]?.end({ code: 1, signal: null })
    await expect.poll(() => spawned('api').length).toBe(2)
    expire(30_000)
    await expect.poll(() => spawned('api').length).toBe(3)
    expect(log).toContain('api was not ready after 30 s: killing it')
    expect(log).toContain('kill api')
    await supervisor.stop()
  })

  test('fails the start and stops the others when a part exits while starting', async () => {
    const { supervisor, log, parts } = rig({ autoReady: false })
    const started = supervisor.start()
    parts[0]?.becomeReady()
    await expect.poll(() => parts.length).toBe(2)
    parts[1]?.end({ code: 1, signal: null })
    await expect(started).rejects.toThrow('spa exited (exit code 1) while starting')
    expect(log).toContain('term api')
    expect(log).not.toContain('spawn edge')
  })

  test('kills a part that ignores SIGTERM after the grace period', async () => {
    const { supervisor, log } = rig({ obeysTerm: false })
    await supervisor.start()
    await supervisor.stop()
    expect(log).toContain('api did not stop within 10 s: killing it')
    expect(log).toContain('kill api')
  })

  test('ends everything without waiting on killAll', async () => {
    const { supervisor, log } = rig()
    await supervisor.start()
    supervisor.killAll()
    expect(log.filter((line) => line.startsWith('kill'))).toEqual(['kill api', 'kill spa', 'kill edge'])
    await supervisor.stop()
  })

  test('ends the start when stopped meanwhile', async () => {
    const { supervisor } = rig({ autoReady: false })
    const started = supervisor.start()
    const refused = expect(started).rejects.toThrow('Stopped before everything had started')
    await supervisor.stop()
    await refused
  })
})
