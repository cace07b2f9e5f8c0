/** The proxy as several processes on one database, which die at any moment and come back. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { portAnswers } from '@matrixos/host/parts'
import { ROOT } from '@matrixos/host/root'
import { freePort } from '@matrixos/testing/free-port'
import { until } from '@matrixos/testing/until'
import { Pool } from 'undici'
import { z } from 'zod'

/** Where replicas listen: one, or two that share it. */
export interface Door {
  url: string
  pool: Pool
  /** `false`: all of them are dead, or not there yet. */
  isUp: () => boolean
  /** When one of them was killed, until nothing could reach it any more; by `performance.now()`. */
  kills: { from: number; to: number }[]
}

const STARTS_MS = 60_000
const ENDS_MS = 20_000
/** A settled answer is written down well within it; a call that ended so shortly before a kill may be estimated. */
export const SETTLES_MS = 5_000

export async function startProgram(args: string[], port: number, env: Record<string, string>) {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const answers = () => {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}.`)
    return portAnswers('127.0.0.1', port)
  }
  await until(`port ${port} answers`, answers, STARTS_MS)
  return child
}

export async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), ENDS_MS)
  await ended
  clearTimeout(timer)
}

/** A proxy that listens: on a port that is shared, another may answer long before it does. */
async function startProxy(port: number, env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(ROOT, 'apps/api/src/proxy-main.ts')], {
    env: { PATH: process.env.PATH, ...env, AI_PROXY_LISTEN: `127.0.0.1:${port}` },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: unknown) => isReady(message) && resolve())
    child.once('exit', (code) => reject(new Error(`A proxy ended with ${code}.`)))
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), STARTS_MS)
  await ready
  clearTimeout(timer)
  return child
}

const isReady = (message: unknown): boolean => readySchema.safeParse(message).success
const readySchema = z.strictObject({ type: z.literal('ready') })

/** `count`: 3 at least. The first two share a port. */
export async function startReplicas(count: number, env: Record<string, string>) {
  const ports = await Promise.all(Array.from({ length: count - 1 }, freePort))
  const [shared = 0] = ports
  const all = await Promise.all(
    [shared, ...ports].map(async (port) => ({ port, child: await startProxy(port, env), isUp: true })),
  )
  const doors = ports.map((port): Door => {
    const url = `http://127.0.0.1:${port}`
    const pool = new Pool(url, { connections: 128, headersTimeout: 60_000 })
    const isUp = () => all.some((one) => one.port === port && one.isUp)
    return { url, pool, isUp, kills: [] }
  })
  const up = () => doors.filter((door) => door.isUp())
  return {
    up,
    /** Of the first two replicas. */
    sharedUrl: `http://127.0.0.1:${shared}`,
    /** With -9; resolves when it is back. Where it would be the last one, nothing happens: somebody has to answer. */
    async killAndRestart(at: number): Promise<void> {
      const one = all.at(at % all.length)
      if (!one?.isUp || all.filter(({ isUp }) => isUp).length < 2) return
      one.isUp = false
      const kill = { from: performance.now(), to: Number.POSITIVE_INFINITY }
      doors[ports.indexOf(one.port)]?.kills.push(kill)
      await end(one.child, 'SIGKILL')
      // Its connections ended before it did: this process hears of them by then.
      await nextTurn()
      await nextTurn()
      kill.to = performance.now()
      one.child = await startProxy(one.port, env)
      one.isUp = true
    },
    /** As at an update: what is under way is settled first. */
    async stop(): Promise<void> {
      await Promise.all(doors.map(({ pool }) => pool.destroy()))
      await Promise.all(all.map(({ child }) => end(child, 'SIGTERM')))
    },
  }
}
export type Replicas = Awaited<ReturnType<typeof startReplicas>>
