/** The home of an instance: there before its container, gone after it, and what happens when its store fails. */
import { existsSync } from 'node:fs'
import { deleteInstance, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import { afterEach, expect, it, vi } from 'vitest'
import { AppError } from '../../apps/api/src/errors.ts'
import type { HomeStore } from '../../apps/api/src/ports/home-store.ts'
import type { Runtime } from '../../apps/api/src/ports/runtime.ts'
import { startApi, type TestApi } from '../support/api.ts'

vi.setConfig({ testTimeout: 120_000 })

let api: TestApi | undefined
afterEach(async () => {
  await api?.[Symbol.asyncDispose]()
  api = undefined
})

it('is made before the container and removed after it, each again until it works', async () => {
  const calls: string[] = []
  const paths = new Set<string>()
  /** Notes the call; the first of each kind fails. */
  const noted = async (name: string, call: () => Promise<void>) => {
    const isFirst = !calls.some((other) => other.startsWith(name))
    calls.push(isFirst ? `${name} failed` : name)
    if (isFirst) throw new AppError('internal', 'The disk is full.')
    await call()
  }
  const homes = (real: HomeStore): HomeStore => ({
    ...real,
    make: (home) => {
      paths.add(real.pathOf(home))
      return noted('make', () => real.make(home))
    },
    remove: (home) => noted('remove', () => real.remove(home)),
  })
  const runtime = (real: Runtime): Runtime => ({
    ...real,
    create: async (spec) => {
      calls.push(existsSync(spec.home) ? 'container' : 'container without a home')
      await real.create(spec)
    },
    remove: async (id, options) => {
      await real.remove(id, options)
      calls.push('no container')
    },
  })
  api = await startApi({ homes, runtime })
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: 'homely' })
  const failed = await until('it failed', async () => {
    const view = await client.trpc.tenants.mine.query()
    return view.observed === 'failed' && view
  })
  expect(failed).toMatchObject({ step: 'home', error: { code: 'internal', message: 'The disk is full.' } })
  await waitUntilRunning(client)
  expect(calls).toEqual(['make failed', 'make', 'container'])
  await deleteInstance(client, 'homely')
  await until('it is gone', async () => (await api?.database.db.query.instances.findMany())?.length === 0)
  // What is done is not done again.
  expect(calls.slice(3)).toEqual(['no container', 'remove failed', 'remove'])
  expect([...paths].map((path) => existsSync(path))).toEqual([false])
})
