/** An engine that takes a call and never answers it: the call ends, and others are not held up by it. */

import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { afterEach, expect, it, vi } from 'vitest'
import type { Runtime } from '../../apps/api/src/ports/runtime.ts'
import { startApi, type TestApi } from '../support/api.ts'

vi.setConfig({ testTimeout: 120_000 })
const WAIT_MS = 60_000

// Real deadlines are longer than a test.
vi.mock(import('../../apps/api/src/tenants/reconcile/deadlines.ts'), async (load) => {
  const { withDeadlines } = await load()
  const ms = 60_000
  const long = {
    check: ms,
    ociRuntimes: ms,
    verifyIsolation: ms,
    selfTest: ms,
    start: ms,
    pause: ms,
    resume: ms,
    stop: ms,
    remove: ms,
    inspect: ms,
    update: ms,
    keepsBandwidth: ms,
    usage: ms,
    list: ms,
    logs: ms,
  }
  const short = { ...long, create: 1_000 }
  return { withDeadlines: (runtime) => withDeadlines(runtime, short) }
})

let api: TestApi | undefined
afterEach(async () => {
  await api?.[Symbol.asyncDispose]()
  api = undefined
})

it('gives a call up that is never answered, and its place to the next', async () => {
  const hanging = Promise.withResolvers<void>()
  const runtime = (real: Runtime): Runtime => ({
    ...real,
    create: async (spec) => {
      if (spec.handle !== 'silent') return await real.create(spec)
      hanging.resolve()
      return await new Promise<never>(() => undefined)
    },
  })
  api = await startApi({ runtime, env: { ENGINE_CONCURRENCY: '1' } })
  const person = async (handle: string): Promise<PlatformClient> => {
    const client = (api as TestApi).client()
    await signUp({ client, authenticator: createAuthenticator(), handle })
    return client
  }
  const silent = await person('silent')
  await hanging.promise
  await waitUntilRunning(await person('behind'))
  const failed = await until(
    'its call was given up',
    async () => {
      const view = await silent.trpc.tenants.mine.query()
      return view.observed === 'failed' && view
    },
    WAIT_MS,
  )
  expect(failed.error).toMatchObject({
    code: 'engine_down',
    message: expect.stringContaining('longer than 1 s'),
  })
})
