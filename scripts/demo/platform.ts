/** The platform that the demo talks to: the one that runs here already, or one of its own while it lasts. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ROOT, UserError } from '@matrixos/host/root'
import { type Platform, readPlatform } from '../../apps/supervisor/src/platform-file.ts'
import { chooseRunDir } from '../../apps/supervisor/src/run-dir.ts'

export interface DemoPlatform extends AsyncDisposable {
  description: Platform
}

const START_TIMEOUT_MS = 120_000
const LOOK_MS = 200

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** `flags` are those of `npm start`; they count only where nothing runs yet. */
export async function platformForDemo(flags: string[]): Promise<DemoPlatform> {
  const dataDir = resolve(ROOT, process.env.DATA_DIR || 'data')
  const asked = process.env.RUN_DIR ? resolve(ROOT, process.env.RUN_DIR) : null
  const runDir = chooseRunDir({ dataDir, asked, tmpDir: tmpdir(), uid: process.getuid?.() ?? 0 })
  const running = readPlatform(runDir)
  if (running && isAlive(running.pid)) return { description: running, [Symbol.asyncDispose]: async () => {} }
  console.log('Nothing runs here yet: starting the platform for the demo.')
  return start(flags, runDir)
}

async function start(flags: string[], runDir: string): Promise<DemoPlatform> {
  const child = fork(join(ROOT, 'apps/supervisor/src/main.ts'), flags, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  let isUp = false
  child.stdout?.on('data', (chunk: Buffer) => {
    isUp ||= chunk.toString().includes('is up:')
  })
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!isUp) {
    if (child.exitCode !== null) throw new UserError('The platform did not start; the lines above say why.')
    if (Date.now() > deadline)
      throw new UserError(`The platform had not started after ${START_TIMEOUT_MS / 1000} s.`)
    await delay(LOOK_MS)
  }
  const description = readPlatform(runDir)
  if (!description) throw new UserError('The platform started, but did not say where it runs.')
  return {
    description,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
