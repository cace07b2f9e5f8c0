/** Event streams of the platform end after a while, and clients resume them without noticing. */

import { putInstanceToSleep, signUp, waitUntilRunning, wakeInstance } from '@matrixos/client'
import type { InstanceId } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi, visit } from '../support/api.ts'

describe('an event stream', () => {
  let api: TestApi
  let client: PlatformClient
  let instanceId: InstanceId
  beforeAll(async () => {
    api = await startApi({ pretended: true, env: { EVENT_STREAM_S: '1' } })
    client = api.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: 'watcher' })
    instanceId = (await waitUntilRunning(client)).id
  })
  afterAll(() => api?.[Symbol.asyncDispose]())

  const stream = (signal: AbortSignal) =>
    client.browser.fetch(
      `${client.hosts.appOrigin}/trpc/tenants.watch?${new URLSearchParams({ input: JSON.stringify({ instanceId }) })}`,
      {
        headers: { accept: 'text/event-stream' },
        signal,
      },
    )

  it('ends without a word that it is over, having said how soon to resume', async () => {
    const text = await (await stream(AbortSignal.timeout(30_000))).text()
    const [, retryMs] = /^retry: (\d+)\n\n/.exec(text) ?? []
    expect(Number(retryMs)).toBeGreaterThanOrEqual(100)
    expect(Number(retryMs)).toBeLessThan(500)
    expect(text).toContain('event: connected')
    expect(text).toContain('"observed":"running"')
    expect(text).not.toMatch(/event: (return|serialized-error)/)
  })

  it('is resumed by the tRPC client, which misses no change', async () => {
    let started = 0
    let observed = ''
    const ended: unknown[] = []
    const subscription = client.trpc.tenants.watch.subscribe(
      { instanceId },
      {
        onStarted: () => {
          started++
        },
        onData: ({ data }) => {
          observed = data.observed
        },
        onComplete: () => ended.push('complete'),
        onError: (error) => ended.push(error),
      },
    )
    await until('the stream was resumed twice', () => started >= 3, 30_000)
    await putInstanceToSleep(client)
    await until('the change arrives', () => observed === 'stopped', 30_000)
    await wakeInstance(client)
    await until('the next change arrives', () => observed === 'running', 30_000)
    expect(ended).toEqual([])
    subscription.unsubscribe()
  })

  it('behind the waiting page ends so that the page resumes it, and does not load anew', async () => {
    const origin = client.hosts.instanceOrigin('watcher')
    const asked = await api.ask('watcher.localhost', visit())
    const cookie = asked.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const launched = await client.browser.navigate(asked.headers.location ?? '', { redirect: 'manual' })
    await client.browser.navigate(launched.headers.get('location') ?? '', {
      redirect: 'manual',
      headers: { cookie },
    })
    await putInstanceToSleep(client)
    await until('it sleeps', async () => (await client.trpc.tenants.mine.query()).observed === 'stopped')
    const text = await (await client.browser.fetch(`${origin}/.mos/progress`)).text()
    expect(text).toContain('"observed":"stopped"')
    expect(text).not.toContain('event: end')
  })
})
