/** Holds what the platform is doing to an instance in the middle, so that a test can act while it is under way. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProcesses } from '@matrixos/testing/processes'
import { until } from '@matrixos/testing/until'
import { openEngineProxy } from '../../apps/api/src/drivers/runtime/testing/engine-proxy.ts'

const CALLS = {
  create: { method: 'POST', path: /^\/containers\/create$/ },
  start: { method: 'POST', path: /^\/containers\/[^/]+\/start$/ },
  remove: { method: 'DELETE', path: /^\/containers\/[^/]+$/ },
}

/** A way to the Docker Engine that never answers one call. */
export async function engineBrake() {
  const folder = mkdtempSync(join(tmpdir(), 'mos-brake-'))
  let next: { call: (typeof CALLS)[keyof typeof CALLS]; onHeld: () => void } | null = null
  const proxy = await openEngineProxy({
    folder,
    target: '/var/run/docker.sock',
    answer: ({ method, path }) => {
      if (!next || method !== next.call.method || !next.call.path.test(path)) return 'pass'
      next.onHeld()
      next = null
      return 'silent'
    },
  })
  return {
    host: proxy.host,
    /** The next call of that kind reaches no engine and gets no answer; resolves when it has come. */
    holdNext: (kind: keyof typeof CALLS): Promise<void> =>
      new Promise((onHeld) => {
        next = { call: CALLS[kind], onHeld }
      }),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Stops the process of an instance as soon as there is one: it neither answers nor ends. Resolves with what lets it go on. */
export async function stopProcess(handle: string, dataDir: string): Promise<() => void> {
  const [pid] = await until('it has a process', () => {
    const found = findProcesses(`MATRIX_HANDLE=${handle}`, dataDir)
    return found.length > 0 && found
  })
  if (pid === undefined) throw new Error(`${handle} has no process.`)
  process.kill(pid, 'SIGSTOP')
  return () => {
    // The platform may have ended it meanwhile.
    if (findProcesses(`MATRIX_HANDLE=${handle}`, dataDir).includes(pid)) process.kill(pid, 'SIGCONT')
  }
}
