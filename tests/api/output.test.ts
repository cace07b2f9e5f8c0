/** What an instance prints before it fails: cleaned, bounded, and never in the way of the platform's own record. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { putInstanceToSleep, signUp, waitUntilRunning, wakeInstance } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import { afterEach, expect, it, vi } from 'vitest'
import { createProcessRuntime } from '../../apps/api/src/drivers/runtime/process/index.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { NOISY_OUTPUT, PRINTABLE } from '../support/noisy-instance.ts'

vi.setConfig({ testTimeout: 120_000 })
const WAIT_MS = 60_000

let api: TestApi | undefined
const folders: string[] = []
afterEach(async () => {
  await api?.[Symbol.asyncDispose]()
  api = undefined
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function person(program: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mos-noisy-'))
  folders.push(folder)
  const entry = join(folder, 'main.cjs')
  writeFileSync(entry, program)
  api = await startApi({
    runtime: () => createProcessRuntime({ stateDir: join(folder, 'runtime'), entries: [entry] }),
  })
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: 'noisy' })
  return { client, entry }
}

it('records a failure whose output holds NUL bytes, escapes and an endless line', async () => {
  const { client } = await person(NOISY_OUTPUT)
  const failed = await until(
    'it failed twice',
    async () => {
      const row = await api?.database.db.query.instances.findFirst()
      return row?.observed === 'failed' && row.failures >= 2 && row
    },
    WAIT_MS,
  )
  expect(failed.nextAttemptAt?.getTime()).toBeGreaterThan(failed.observedAt.getTime())
  const { error } = await client.trpc.tenants.mine.query()
  expect(error).toMatchObject({
    code: 'instance_unhealthy',
    message: 'It stopped while starting (exit code 3).',
    detail: expect.stringMatching(PRINTABLE),
  })
  expect(error?.detail?.length).toBeLessThanOrEqual(4_096)
  expect(error?.detail).toMatch(/…\n.*\nred afternul\nlast words$/)
})

it('shows the output of the failed run alone', async () => {
  const { client, entry } = await person(
    `console.log('all is well')
     require('node:http').createServer((_, response) => response.end('{"status":"ok"}')).listen(process.env.PORT)`,
  )
  await waitUntilRunning(client)
  await putInstanceToSleep(client)
  await until(
    'it sleeps',
    async () => (await client.trpc.tenants.mine.query()).observed === 'stopped',
    WAIT_MS,
  )
  writeFileSync(entry, `console.log('out of luck'); process.exit(1)`)
  await wakeInstance(client)
  const { error } = await until(
    'it failed',
    async () => {
      const view = await client.trpc.tenants.mine.query()
      return view.observed === 'failed' && view
    },
    WAIT_MS,
  )
  expect(error?.detail).toBe('out of luck')
})
