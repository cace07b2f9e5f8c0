/** A database or an engine that goes away, an image that is missing: clear words, and healing without help. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deleteInstance, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { refusal } from '../support/api-error.ts'
import { databaseCable, engineCable } from '../support/cable.ts'
import { bootStack } from '../support/stack.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { engine } from '../support/test-engine.ts'

const HEALS_MS = 40_000
const SESSION_CACHE_MS = 2_000

/** The view once the creation has failed. */
const failure = (client: PlatformClient) =>
  until('it failed', async () => {
    const view = await client.trpc.tenants.mine.query()
    return view.error ? view : null
  })

describeReal(['postgres'], 'a database that goes away', () => {
  it('gives 503 with a reason, keeps awake instances open, and heals', async () => {
    const database = await createTestDatabase(`matrixos_cable_${process.pid}`)
    const cable = await databaseCable(database.url)
    const env = { DATABASE_URL: cable.url, SESSION_GRACE_S: '600' }
    await using stack = await bootStack({ parts: 'embedded', env })
    const client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: 'outage' })
    const { url } = await waitUntilRunning(client)
    await openInstance(client, url)

    await cable.cut()
    const refused = await refusal(client.trpc.auth.me.query())
    expect(refused).toMatchObject({
      code: 'database_unavailable',
      status: 503,
      retryAfterS: expect.any(Number),
    })
    const wasCut = performance.now()
    while (performance.now() - wasCut < SESSION_CACHE_MS + 500)
      expect((await client.browser.fetch(`${url}/health`)).status).toBe(200)
    // Longer than the gate remembers sessions: now it must ask, and goes by what it knows when nobody answers.
    const visits = Array.from({ length: 20 }, () => client.browser.fetch(`${url}/health`))
    expect((await Promise.all(visits)).map(({ status }) => status)).toEqual(Array(20).fill(200))

    process.kill(stack.platform().parts.api ?? 0, 'SIGKILL')
    await until(
      'the log says what is wrong',
      () => stack.log().includes('Nothing is listening there'),
      HEALS_MS,
    )
    expect(stack.log()).not.toContain(new URL(database.url).password)
    const away = await client.browser.fetch(`${client.hosts.appOrigin}/trpc/auth.me`, {
      headers: { 'x-mos': '1' },
    })
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2'])

    await cable.mend()
    await until(
      'the account is there again',
      () => client.trpc.auth.me.query().then(Boolean, () => false),
      HEALS_MS,
    )
    await openInstance(client, url)
    await cable.cut()
    await database.drop()
  })
})

describeReal(['docker', 'caddy', 'postgres'], 'an engine that goes away', () => {
  it('tells the person signing up what is wrong, and finishes once it is back', async () => {
    const cable = await engineCable(join(mkdtempSync(join(tmpdir(), 'mos-cable-')), 'docker.sock'))
    await using stack = await bootStack({ parts: 'real', env: { DOCKER_HOST: cable.host } })
    await cable.cut()
    const client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: 'waiting' })
    const failed = await failure(client)
    expect(failed.error).toMatchObject({
      code: 'engine_down',
      message: expect.stringContaining('container engine'),
    })
    await until(
      'it was tried again, and failed again',
      async () => {
        const { nextAttemptAt } = await client.trpc.tenants.mine.query()
        return nextAttemptAt !== null && nextAttemptAt !== failed.nextAttemptAt
      },
      HEALS_MS,
    )

    await cable.mend()
    const { url } = await waitUntilRunning(client, HEALS_MS)
    await openInstance(client, url)
    await cable.cut()
  })
})

describeReal(['docker', 'caddy', 'postgres'], 'an image that is missing', () => {
  it('is named with its fix, and the instance starts by itself once it is there', async () => {
    const image = `matrixos-missing-${process.pid}`
    await using stack = await bootStack({ parts: 'real', env: { INSTANCE_IMAGE: `${image}:latest` } })
    const client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: 'imageless' })
    const failed = await failure(client)
    expect(failed.error).toMatchObject({ code: 'image_missing', message: expect.stringContaining(image) })

    await engine().getImage('matrixos-instance:latest').tag({ repo: image, tag: 'latest' })
    const { url } = await waitUntilRunning(client, HEALS_MS)
    await openInstance(client, url)
    await deleteInstance(client, 'imageless')
    await until('the container is gone', async () => (await stack.instancesOf('imageless')) === 0)
    await engine().getImage(`${image}:latest`).remove()
  })
})
