/** What goes wrong between the platform and its runtime, and what the owner is told. */
import { deleteInstance, putInstanceToSleep, signUp, waitUntilRunning, wakeInstance } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { findProcesses } from '@matrixos/testing/processes'
import { until } from '@matrixos/testing/until'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '../../apps/api/src/errors.ts'
import type { Runtime } from '../../apps/api/src/ports/runtime.ts'
import { startApi, type TestApi } from '../support/api.ts'

vi.setConfig({ testTimeout: 120_000 })

let api: TestApi | undefined
afterEach(async () => {
  await api?.[Symbol.asyncDispose]()
  api = undefined
})

async function person(
  runtime: (real: Runtime) => Runtime,
  env: Record<string, string> = {},
): Promise<PlatformClient> {
  api = await startApi({ runtime, env })
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: 'faulty' })
  return client
}

/** The first calls of a verb fail; later ones are the real ones. */
function failing<K extends 'check' | 'create' | 'start' | 'remove'>(verb: K, times: number, error: AppError) {
  let left = times
  return (real: Runtime): Runtime => ({
    ...real,
    [verb]: async (...args: Parameters<Runtime[K]>) => {
      if (left-- > 0) throw error
      return (real[verb] as (...given: Parameters<Runtime[K]>) => unknown)(...args)
    },
  })
}

describe('a verb that fails', () => {
  it.each(['check', 'create', 'start'] as const)(
    'is told to the owner and tried again by itself: %s',
    async (verb) => {
      const error = new AppError('engine_down', 'The engine does not answer. Start it.')
      const client = await person(failing(verb, 1, error))
      const failed = await until('it failed', async () => {
        const view = await client.trpc.tenants.mine.query()
        return view.observed === 'failed' ? view : null
      })
      expect(failed.error).toEqual({ code: 'engine_down', message: 'The engine does not answer. Start it.' })
      expect(Date.parse(failed.nextAttemptAt ?? '')).toBeGreaterThan(0)
      const running = await waitUntilRunning(client)
      expect([running.error, running.nextAttemptAt]).toEqual([null, null])
    },
  )

  it('is tried again at once when the owner asks, however far off the next attempt is', async () => {
    let isBroken = true
    const error = new AppError('instance_unhealthy', 'It cannot be made.')
    const client = await person(
      (real) => ({
        ...real,
        create: async (spec) => {
          if (isBroken) throw error
          await real.create(spec)
        },
      }),
      { RESYNC_S: '0.1' },
    )
    await until('the next attempt is minutes off', async () => {
      await api?.database.db.execute(sql`
        update instances set failures = 20, next_attempt_at = now() + interval '5 minutes', version = version + 1
        where observed = 'failed' and lease_owner is null and failures < 20`)
      const view = await client.trpc.tenants.mine.query()
      return view.observed === 'failed' && Date.parse(view.nextAttemptAt ?? '') - Date.now() > 120_000
    })
    isBroken = false
    await wakeInstance(client)
    await waitUntilRunning(client)
  })

  it('does not keep a deletion from being finished', async () => {
    const client = await person(failing('remove', 1, new AppError('engine_down', 'Down.')))
    await waitUntilRunning(client)
    await deleteInstance(client, 'faulty')
    await until('it is gone', async () => (await api?.database.db.query.instances.findMany())?.length === 0)
  })
})

it('stops what did not become healthy, so that the next attempt is a new process', async () => {
  const stopped: string[] = []
  let hung = true
  const client = await person((real) => ({
    ...real,
    inspect: async (id) => {
      const seen = await real.inspect(id)
      return hung && seen ? { ...seen, status: 'stopped', exitCode: 3 } : seen
    },
    start: async (spec) => {
      const address = await real.start(spec)
      return hung ? { ...address, gatewayPort: 1 } : address
    },
    stop: (id, options) => {
      stopped.push(id)
      hung = false
      return real.stop(id, options)
    },
  }))
  const running = await waitUntilRunning(client)
  expect(running.error).toBeNull()
  expect(stopped).toHaveLength(1)
})

it('takes no wake for a crash when the list of what runs was read before it', async () => {
  let hold: Promise<void> | null = null
  let lists = 0
  const held = Promise.withResolvers<void>()
  const slow = (real: Runtime): Runtime => ({
    ...real,
    list: async () => {
      lists++
      const seen = await real.list()
      if (hold) {
        held.resolve()
        await hold
      }
      return seen
    },
  })
  const client = await person(slow, { RESYNC_S: '0.1' })
  await waitUntilRunning(client)
  await putInstanceToSleep(client)
  await until('it sleeps', async () => (await client.trpc.tenants.mine.query()).observed === 'stopped')
  const release = Promise.withResolvers<void>()
  hold = release.promise
  await held.promise
  await wakeInstance(client)
  await waitUntilRunning(client)
  hold = null
  release.resolve()
  const version = async () => (await api?.database.db.query.instances.findFirst())?.version
  const before = await version()
  // The next list begins when all that the held one led to has been done; the one after it, when its own has.
  const seen = lists
  await until('two more lists were read', () => lists >= seen + 2)
  expect(await version()).toBe(before)
  expect((await api?.database.db.query.instances.findFirst())?.failures).toBe(0)
})

describe('a failure that the database refuses to keep', () => {
  const refuse = (words: string) =>
    api?.database.db.execute(
      sql.raw(
        `alter table instances add constraint refusing check (error is null or error->>'message' not like '${words}')`,
      ),
    )
  const plainer = { code: 'internal', message: expect.stringMatching(/could not be saved/) }

  it('is kept in plainer words when an action failed', async () => {
    const error = new AppError('internal', 'Words that cannot be kept.')
    const fails = failing('start', 1, error)
    let isRefused = false
    const client = await person((real) => {
      const runtime = fails(real)
      return {
        ...runtime,
        create: async (spec) => {
          if (!isRefused) await refuse('Words%')
          isRefused = true
          return await runtime.create(spec)
        },
      }
    })
    const failed = await until('it failed', async () => {
      const view = await client.trpc.tenants.mine.query()
      return view.observed === 'failed' ? view : null
    })
    expect(failed.error).toEqual(plainer)
    expect(failed.nextAttemptAt).not.toBeNull()
    await waitUntilRunning(client)
  })

  it('does not keep what crashed from being started again', async () => {
    const client = await person((real) => real)
    await waitUntilRunning(client)
    await refuse('It stopped by itself%')
    const processes = () => findProcesses('MATRIX_HANDLE=faulty', api?.env.DATA_DIR ?? '')
    const [before] = processes()
    process.kill(before ?? 0, 'SIGKILL')
    await until('it runs again', async () => {
      const [now] = processes()
      return (
        now !== undefined && now !== before && (await client.trpc.tenants.mine.query()).observed === 'running'
      )
    })
  })
})
