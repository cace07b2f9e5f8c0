/** Starting the program of an instance. */
import { spawn } from 'node:child_process'
import { access } from 'node:fs/promises'
import { AppError } from '../../../errors.ts'
import type { ContainerKey, InstanceSpec } from '../../../ports/runtime.ts'
import { openLog } from './log.ts'
import type { ProcessSettings } from './options.ts'

/** Argument by which an instance's process can be found, by people and by an api that was killed while starting it. */
export const markOf = ({ id, generation }: ContainerKey): string => `--instance=${id}.${generation}`

/** Throws `image_missing` when none of the candidates exists. */
export async function entryOf({ entries }: ProcessSettings): Promise<string> {
  for (const entry of entries) {
    const found = await access(entry).then(
      () => true,
      () => false,
    )
    if (found) return entry
  }
  throw new AppError(
    'image_missing',
    `The instance's program is missing (${entries.join(', ')}). Run "npm ci" and "npm start" in a complete checkout.`,
  )
}

export interface Launched {
  pid: number
  /** Exit code, or 128 + signal. */
  exited: Promise<number>
}

const SIGNAL_NUMBERS: Partial<Record<NodeJS.Signals, number>> = {
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
  SIGABRT: 6,
}

/**
 * The child gets its own session (a Ctrl-C meant for the api is not meant for it), a file for its output, and the
 * contract's environment: nothing of the api's own.
 */
export async function launch(settings: ProcessSettings, spec: InstanceSpec, port: number): Promise<Launched> {
  const entry = await entryOf(settings)
  const env = {
    ...spec.env,
    PORT: String(port),
    SHELL_PORT: String(port),
    // Nothing isolates its network on this machine.
    LISTEN_HOST: '127.0.0.1',
    MATRIX_HOME: spec.home,
    MATRIX_ISOLATION: 'none',
    ...(settings.shell ? { MATRIX_SHELL: settings.shell } : {}),
    PATH: settings.path,
  }
  const log = await openLog(settings.stateDir, spec)
  try {
    const child = spawn(settings.execPath, [entry, markOf(spec)], {
      cwd: spec.home,
      detached: true,
      env,
      stdio: ['ignore', log.fd, log.fd],
    })
    child.unref()
    const exited = new Promise<number>((resolve) => {
      child.once('exit', (code, signal) => resolve(code ?? 128 + (SIGNAL_NUMBERS[signal ?? 'SIGKILL'] ?? 9)))
      child.once('error', () => resolve(127))
    })
    if (child.pid !== undefined) return { pid: child.pid, exited }
  } finally {
    await log.close()
  }
  throw new AppError(
    'instance_unhealthy',
    `The instance's program could not be started with ${settings.execPath}.`,
  )
}
