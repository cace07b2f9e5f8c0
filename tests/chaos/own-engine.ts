/** A Docker Engine of a run's own, which it may kill: containerd beside it, as a distribution starts the two. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '@matrixos/testing/until'
import Docker from 'dockerode'

export interface OwnEngine extends AsyncDisposable {
  /** Its socket. */
  path: string
  docker: Docker
  /** SIGKILL of dockerd alone: containerd, the shims and what runs in the containers outlive it. */
  kill: () => Promise<void>
  /** Resolves when it answers. */
  start: () => Promise<void>
}

const START_MS = 60_000

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** In the network that this process is in: its rules for packets are all its own there. */
export async function startOwnEngine(folder: string): Promise<OwnEngine> {
  for (const name of ['data', 'exec', 'containerd', 'containerd-state']) mkdirSync(join(folder, name))
  const path = join(folder, 'docker.sock')
  const containerdSocket = join(folder, 'containerd.sock')
  const log = openSync(join(folder, 'engine.log'), 'a')
  const run = (program: string, args: string[]) =>
    spawn(program, args, { stdio: ['ignore', log, log], cwd: folder })
  const containerd = run('containerd', [
    ...['--root', join(folder, 'containerd'), '--state', join(folder, 'containerd-state')],
    ...['--address', containerdSocket],
  ])
  const docker = new Docker({ socketPath: path })
  let dockerd: ChildProcess | null = null
  const start = async () => {
    const child = run('dockerd', [
      ...['--containerd', containerdSocket, '-H', `unix://${path}`, '--bridge', 'none'],
      ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
      ...['--pidfile', join(folder, 'docker.pid')],
    ])
    dockerd = child
    await until(
      'the engine answers',
      () => {
        if (child.exitCode !== null) throw new Error(`dockerd ended with code ${child.exitCode}.`)
        return docker.ping().then(Boolean, () => false)
      },
      START_MS,
    )
  }
  await start()
  return {
    ...{ path, docker, start },
    kill: async () => {
      if (dockerd) await end(dockerd, 'SIGKILL')
    },
    [Symbol.asyncDispose]: async () => {
      if (dockerd) await end(dockerd, 'SIGTERM')
      await end(containerd, 'SIGTERM')
    },
  }
}
