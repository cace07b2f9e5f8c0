/** An engine that goes away and comes back: nobody's instance is blamed, and nobody waits longer than the outage. */

import { signUp, waitUntilRunning, wakeInstance } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
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

/** Answers from what it knows. */
const ASKS_NOTHING = new Set<string>([
  ...['events', 'close', 'isolationOf', 'slotCount', 'firewall'],
  ...['limitsBandwidth', 'canClose', 'foundOpen', 'takeFoundOpen'],
])

/** A runtime whose every call fails while `isAway()`. */
function outage(isAway: () => boolean, onCreate: () => void) {
  const down = () => new AppError('engine_down', 'The engine does not answer.', { retryAfterS: 5 })
  return (real: Runtime): Runtime =>
    new Proxy(real, {
      get(target, name: keyof Runtime) {
        const verb = target[name]
        if (typeof verb !== 'function' || ASKS_NOTHING.has(name)) return verb
        return async (...args: unknown[]) => {
          if (name === 'check') onCreate()
          if (isAway()) throw down()
          return await (verb as (...given: unknown[]) => unknown)(...args)
        }
      },
    })
}

it('counts no failure while the engine is away, and goes on as soon as it is back', async () => {
  let away = true
  let attempts = 0
  api = await startApi({
    runtime: outage(
      () => away,
      () => attempts++,
    ),
  })
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: 'patient' })
  const failed = (attempt: number) =>
    until(
      `attempt ${attempt} failed`,
      async () => {
        const row = await api?.database.db.query.instances.findFirst()
        return attempts >= attempt && row?.observed === 'failed' && row.error && row
      },
      WAIT_MS,
    )
  for (let attempt = 1; attempt <= 4; attempt++) {
    const row = await failed(attempt)
    expect(row).toMatchObject({ failures: 0, error: { code: 'engine_down' } })
    expect((row.nextAttemptAt?.getTime() ?? 0) - row.observedAt.getTime()).toBeLessThanOrEqual(5_000)
    await wakeInstance(client)
  }
  await failed(5)
  // By its own account it would wait for another minute: the engine's return alone ends that.
  api.advance(-60_000)
  away = false
  expect((await waitUntilRunning(client)).error).toBeNull()
})
