/** Starts that hang, fail or crash: what they cost others, and when the platform stops trying. */

import { putInstanceToSleep, signUp, waitUntilRunning, wakeInstance } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { findProcesses } from '@matrixos/testing/processes'
import { until } from '@matrixos/testing/until'
import { afterEach, expect, it, vi } from 'vitest'
import { AppError } from '../../apps/api/src/errors.ts'
import type { Runtime } from '../../apps/api/src/ports/runtime.ts'
import { startApi, type TestApi } from '../support/api.ts'

vi.setConfig({ testTimeout: 120_000 })
const WAIT_MS = 60_000

let api: TestApi | undefined
afterEach(async () => {
  await api?.[Symbol.asyncDispose]()
  api = undefined
})

async function person(handle: string): Promise<PlatformClient> {
  if (!api) throw new Error('Start the api first.')
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  return client
}

const mine = (client: PlatformClient) => client.trpc.tenants.mine.query()

it('wakes others while a start hangs, even when one engine call at a time is allowed', async () => {
  const started = Promise.withResolvers<void>()
  let gaveUp = false
  const runtime = (real: Runtime): Runtime => ({
    ...real,
    start: async (spec) => {
      const address = await real.start(spec)
      if (spec.handle !== 'hanging') return address
      started.resolve()
      return { ...address, gatewayPort: 1 }
    },
    // What did not become healthy is asked for its output.
    logs: async (id, lines) => {
      gaveUp = true
      return await real.logs(id, lines)
    },
  })
  api = await startApi({ runtime, env: { ENGINE_CONCURRENCY: '1' } })
  const healthy = await person('healthy')
  await waitUntilRunning(healthy)
  await putInstanceToSleep(healthy)
  await until('it sleeps', async () => (await mine(healthy)).observed === 'stopped', WAIT_MS)
  await person('hanging')
  await started.promise
  await wakeInstance(healthy)
  await waitUntilRunning(healthy)
  expect(gaveUp).toBe(false)
})

it('lets an instance rest that keeps failing while nobody visits, until its owner comes back', async () => {
  let attempts = 0
  let broken = true
  const runtime = (real: Runtime): Runtime => ({
    ...real,
    create: async (spec) => {
      attempts++
      if (broken) throw new AppError('instance_unhealthy', 'It cannot be made.')
      await real.create(spec)
    },
  })
  api = await startApi({ runtime, env: { IDLE_LIMIT_S: '60' } })
  const client = await person('resting')
  await until('it failed', async () => (await mine(client)).observed === 'failed', WAIT_MS)
  await api.leave(61_000)
  await api.report({})
  const resting = await until(
    'it rests',
    async () => {
      const view = await mine(client)
      return view.desired === 'asleep' && view.observed === 'failed' && view
    },
    WAIT_MS,
  )
  expect(resting).toMatchObject({ nextAttemptAt: null, error: { message: 'It cannot be made.' } })
  const before = attempts
  api.advance(3_600_000)
  broken = false
  await wakeInstance(client)
  await waitUntilRunning(client)
  expect(attempts).toBe(before + 1)
})

it('lets an instance sleep that exits while nobody uses it', async () => {
  api = await startApi()
  const client = await person('quitter')
  await waitUntilRunning(client)
  await api.leave(5 * 60_000)
  for (const pid of findProcesses('MATRIX_HANDLE=quitter', api.env.DATA_DIR)) process.kill(pid, 'SIGKILL')
  const after = await until(
    'the exit was seen',
    async () => {
      const view = await mine(client)
      return view.observed === 'stopped' && view
    },
    WAIT_MS,
  )
  expect(after.desired).toBe('asleep')
})

it('restarts an instance that crashes while it is in use', async () => {
  api = await startApi()
  const client = await person('crasher')
  await waitUntilRunning(client)
  const [before] = findProcesses('MATRIX_HANDLE=crasher', api.env.DATA_DIR)
  process.kill(before ?? 0, 'SIGKILL')
  await until(
    'another process runs',
    async () => {
      const [now] = findProcesses('MATRIX_HANDLE=crasher', api?.env.DATA_DIR ?? '')
      return now !== undefined && now !== before && (await mine(client)).observed === 'running'
    },
    WAIT_MS,
  )
})

it('says at which step a start failed, and whether it was the first', async () => {
  let broken = true
  const runtime = (real: Runtime): Runtime => ({
    ...real,
    start: async (spec) => {
      if (broken) throw new AppError('instance_unhealthy', 'It cannot be started.')
      return await real.start(spec)
    },
  })
  api = await startApi({ runtime })
  const client = await person('stepper')
  const first = await until(
    'the first start failed',
    async () => {
      const view = await mine(client)
      return view.observed === 'failed' && view
    },
    WAIT_MS,
  )
  expect(first).toMatchObject({ step: 'start', isFirstStart: true })
  broken = false
  await wakeInstance(client)
  await waitUntilRunning(client)
  await putInstanceToSleep(client)
  await until('it sleeps', async () => (await mine(client)).observed === 'stopped', WAIT_MS)
  broken = true
  await wakeInstance(client)
  const later = await until(
    'a later start failed',
    async () => {
      const view = await mine(client)
      return view.observed === 'failed' && view
    },
    WAIT_MS,
  )
  expect(later).toMatchObject({ step: 'start', isFirstStart: false })
})
