/** A real Caddy for tests and benchmarks, in a folder of its own. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { spawnCaddy } from '@matrixos/host/caddy/process'
import { until } from '@matrixos/testing/until'
import { type CaddyAdmin, createCaddyAdmin } from '../drivers/caddy/admin.ts'

export interface TestCaddy extends AsyncDisposable {
  process: ChildProcess
  admin: CaddyAdmin
  address: string
}

/** Resolves when its admin API answers. */
export async function startCaddy(runDir: string, env: NodeJS.ProcessEnv): Promise<TestCaddy> {
  const child = spawnCaddy({
    runDir,
    dataDir: runDir,
    binary: env.CADDY_BIN,
    path: env.PATH,
  })
  const address = `unix/${join(runDir, 'caddy-admin.sock')}`
  const admin = createCaddyAdmin(address)
  await until('Caddy’s admin API', () =>
    admin.read('/config/').then(
      () => true,
      () => false,
    ),
  )
  return {
    process: child,
    admin,
    address,
    [Symbol.asyncDispose]: async () => {
      await admin.close()
      await stopCaddy(child)
    },
  }
}

export async function stopCaddy(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
