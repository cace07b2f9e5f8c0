/** One more api process beside a running platform, started by hand: a RUN_DIR of its own, and no edge. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { CHECK_REQUEST_HEADERS, GATE_PATH } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import { bundleOf } from '../../apps/supervisor/src/build/programs.ts'
import type { Stack } from './stack.ts'

export interface BareApi {
  /** Asks its gate as an edge would. `host` without a port. */
  ask: (host: string, headers: Record<string, string>) => Promise<number>
  [Symbol.asyncDispose]: () => Promise<void>
}

/** HTTP status of a GET over a unix socket. */
export function getStatus(
  socketPath: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const onAnswer = (answer: IncomingMessage) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    }
    request({ socketPath, path, headers }, onAnswer).on('error', reject).end()
  })
}

export async function startBareApi(stack: Stack, env: Record<string, string>): Promise<BareApi> {
  const runDir = mkdtempSync(join(tmpdir(), 'mos-run-'))
  const secret = (name: string) => join(stack.dataDir, 'secrets', name)
  const child = spawn(process.execPath, [join(ROOT, bundleOf('api'))], {
    env: {
      PATH: process.env.PATH,
      ...stack.place,
      PUBLIC_URL: stack.url,
      DATA_DIR: stack.dataDir,
      RUN_DIR: runDir,
      EDGE_TOKEN_FILE: secret('edge-token'),
      PLATFORM_SECRET_FILE: secret('platform-secret'),
      ...env,
    },
    stdio: 'ignore',
  })
  const ask = (host: string, headers: Record<string, string>) =>
    getStatus(join(runDir, 'gate.sock'), GATE_PATH, {
      host,
      [CHECK_REQUEST_HEADERS.upgrade]: '',
      ...headers,
    })
  const isReady = () =>
    ask('app.localhost', {}).then(
      (status) => status !== 503,
      () => false,
    )
  await until('the api answers', isReady, 60_000)
  return {
    ask,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit')
      if (child.exitCode === null && child.kill('SIGTERM')) await ended
      rmSync(runDir, { recursive: true, force: true })
    },
  }
}
