/** An image without labels that starts as root and has no shell, as anybody may bring one. */
import { randomBytes } from 'node:crypto'
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance } from '@matrixos/testing/platform-client'
import { expect, it } from 'vitest'
import { importTestImages } from '../../apps/api/src/drivers/runtime/testing/docker-image.ts'
import { bootStack } from '../support/stack.ts'
import { engine } from '../support/test-engine.ts'

describeReal(['docker', 'caddy', 'postgres'], 'an image without labels', () => {
  it('is served from its gateway port where nothing listens on the shell port', async () => {
    const images = await importTestImages(engine(), `unlabelled-${randomBytes(4).toString('hex')}`)
    await using _ = {
      [Symbol.asyncDispose]: async () => {
        for (const image of Object.values(images)) await engine().getImage(image).remove({ force: true })
      },
    }
    await using stack = await bootStack({
      parts: 'real',
      env: { INSTANCE_IMAGE: images.plain },
    })
    const client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: 'plain' })
    const { url } = await waitUntilRunning(client)
    const self = await openInstance(client, `${url}/self`)
    expect(await self.json()).toMatchObject({ uid: 1001 })
  })
})
