/** Where the computer meets the services: starts the process that talks to them, and ends it when there is nothing to say. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Log } from '../../log.ts'
import { ServiceProblem } from './client.ts'
import { type Act, fromHost, type Outcome, type Target, type ToHost } from './host-protocol.ts'

export interface Services {
  /** Rejects with a ServiceProblem. */
  perform(target: Target, act: Act): Promise<Outcome>
  stop(): void
}

const IS_BUILT = import.meta.filename.endsWith('.mjs')
const ENTRY = join(import.meta.dirname, IS_BUILT ? 'channels.mjs' : 'host-main.ts')
const FLAGS = ['--v8-pool-size=1', '--max-semi-space-size=4', '--max-old-space-size=128']
const IDLE_MS = 15_000
/** Longer than the process itself waits for a service. */
const ANSWER_WITHIN_MS = 45_000

const LOST = { words: 'I was interrupted while I talked to the service.', isPassing: true, isUnsent: false }

interface Started {
  child: ChildProcess
  waiting: Map<number, { resolve: (outcome: Outcome) => void; reject: (error: Error) => void }>
  idle: NodeJS.Timeout | undefined
}

export function createServices({ log }: { log: Log }): Services {
  let current: Started | undefined
  let number = 0

  const end = (started: Started) => {
    if (current === started) current = undefined
    clearTimeout(started.idle)
    if (started.child.connected) started.child.disconnect()
  }
  const start = (): Started => {
    const child = fork(ENTRY, [], { execArgv: FLAGS, env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const started: Started = { child, waiting: new Map(), idle: undefined }
    const over = () => {
      if (current === started) current = undefined
      for (const { reject } of started.waiting.values()) reject(new ServiceProblem(LOST))
      started.waiting.clear()
    }
    child.on('message', (message) => {
      const { number, outcome } = fromHost.parse(message)
      const asked = started.waiting.get(number)
      started.waiting.delete(number)
      if ('problem' in outcome) asked?.reject(new ServiceProblem(outcome.problem))
      else asked?.resolve(outcome)
      if (started.waiting.size > 0) return
      clearTimeout(started.idle)
      started.idle = setTimeout(end, IDLE_MS, started).unref()
    })
    child.on('error', (error) => {
      log('channels cannot start', { error: error.message })
      over()
    })
    child.on('exit', over)
    return started
  }

  return {
    perform(target, act) {
      return new Promise((resolve, reject) => {
        if (current && !current.child.connected) current = undefined
        current ??= start()
        const started = current
        clearTimeout(started.idle)
        const mine = ++number
        const timer = setTimeout(() => {
          if (started.waiting.delete(mine)) reject(new ServiceProblem(LOST))
        }, ANSWER_WITHIN_MS).unref()
        const settled =
          <T>(settle: (value: T) => void) =>
          (value: T) => {
            clearTimeout(timer)
            settle(value)
          }
        started.waiting.set(mine, { resolve: settled(resolve), reject: settled(reject) })
        const message: ToHost = { number: mine, target, act }
        started.child.send(
          message,
          (error) => error && started.waiting.get(mine)?.reject(new ServiceProblem(LOST)),
        )
      })
    },
    stop: () => current && end(current),
  }
}
