/** The proxy as several processes on one database, which die at any moment and come back. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { portAnswers } from '@matrixos/host/parts'
import { ROOT } from '@matrixos/host/root'
import { until } from '@matrixos/testing/until'
import { Pool } from 'undici'
import { freePort } from '../support/stack.ts'

export interface Replica {
  pool: Pool
  /** `false`: dead, or not there yet. */
  isUp: boolean
  /** When it was last killed, by `performance.now()`. */
  killedAt: number[]
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

export async function startReplicas(count: number, env: Record<string, string>) {
  const main = join(ROOT, 'apps/api/src/proxy-main.ts')
  const start = (port: number) => startProgram([main], port, { ...env, AI_PROXY_LISTEN: `127.0.0.1:${port}` })
  const ports = await Promise.all(Array.from({ length: count }, freePort))
  const all = await Promise.all(
    ports.map(async (port) => {
      const child = await start(port)
      const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 128, headersTimeout: 60_000 })
      const replica: Replica = { pool, isUp: true, killedAt: [] }
      return { port, child, replica }
    }),
  )
  const up = (): Replica[] => all.map(({ replica }) => replica).filter(({ isUp }) => isUp)
  return {
    up,
    /** With -9; resolves when it is back. Where it would be the last one, nothing happens: somebody has to answer. */
    async killAndRestart(at: number): Promise<void> {
      const one = all[at % all.length]
      if (!one?.replica.isUp || up().length < 2) return
      one.replica.isUp = false
      one.replica.killedAt.push(performance.now())
      await end(one.child, 'SIGKILL')
      one.child = await start(one.port)
      one.replica.isUp = true
    },
    /** As at an update: what is under way is settled first. */
    async stop(): Promise<void> {
      await Promise.all(all.map(({ replica }) => replica.pool.destroy()))
      await Promise.all(all.map(({ child }) => end(child, 'SIGTERM')))
    },
  }
}
export type Replicas = Awaited<ReturnType<typeof startReplicas>>
