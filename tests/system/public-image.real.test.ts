/** An image that behaves as the public Matrix OS image does, behind the whole platform: root's entrypoint, two ports, a bearer. */
import { randomBytes } from 'node:crypto'
import { putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importTestImages, type TestImages } from '../../apps/api/src/drivers/runtime/testing/docker-image.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import { engine } from '../support/test-engine.ts'

const HANDLE = 'twoports'
const FORGED = {
  authorization: 'Bearer forged',
  'x-platform-user-id': 'usr_forged',
  'x-platform-verified': 'f',
}

describeReal(['docker', 'caddy', 'postgres'], 'an image with the public image’s contract', () => {
  let images: TestImages
  let stack: Stack
  let client: PlatformClient
  let url: string
  beforeAll(async () => {
    images = await importTestImages(engine(), `public-${randomBytes(4).toString('hex')}`)
    stack = await bootStack({ parts: 'real', env: { INSTANCE_IMAGE: images.public, RESYNC_S: '0.5' } })
    client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: HANDLE })
    url = (await waitUntilRunning(client)).url
    await openInstance(client, url)
  }, 180_000)
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]()
    for (const image of Object.values(images ?? {})) await engine().getImage(image).remove({ force: true })
  })

  const caller = async (path: string, headers: Record<string, string> = {}) =>
    (await client.browser.fetch(`${url}${path}`, { headers })).json()
  const shellAnswers = () =>
    until('its shell is found', async () => (await caller('/caller')).port === 'shell', 30_000)
  it('serves pages from its shell, and what is the gateway’s from there', async () => {
    await shellAnswers()
    for (const path of ['/api/caller', '/files/caller', '/modules/caller'])
      expect(await caller(path)).toMatchObject({ port: 'gateway', path })
    expect((await client.browser.fetch(`${url}/health`)).status).toBe(200)
  })

  it('tells both who calls, with a proof, and the gateway by its bearer; what clients send of that never arrives', async () => {
    await shellAnswers()
    for (const path of ['/caller', '/api/caller'])
      expect(await caller(path, FORGED)).toMatchObject({
        ...{
          user: expect.stringMatching(/^usr_[0-9a-z]{26}$/),
          isVerified: true,
          handle: HANDLE,
          role: 'owner',
        },
      })
  })

  it('gets every WebSocket at its gateway, with the bearer', async () => {
    for (const path of ['/ws', '/anything']) {
      const word = Promise.withResolvers<string>()
      const socket = await client.browser.websocket(`${url.replace(/^http/, 'ws')}${path}`, {
        prepare: (made) => made.once('message', (data) => word.resolve(String(data))),
      })
      expect(await word.promise).toBe('gateway')
      socket.terminate()
    }
  })

  it('keeps both ports, and what its user wrote, over a sleep', async () => {
    await putInstanceToSleep(client)
    await until(
      'it sleeps',
      async () => (await client.trpc.tenants.mine.query()).observed === 'stopped',
      30_000,
    )
    await openInstance(client, url)
    await shellAnswers()
    expect(await caller('/api/caller')).toMatchObject({ port: 'gateway', isVerified: true })
  })
})
