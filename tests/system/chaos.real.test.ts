/** `kill -9` of the api in the middle of things: everything converges, nothing is orphaned, nothing is lost. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { deleteInstance, putInstanceToSleep, signUp, waitUntilRunning, wakeInstance } from '@matrixos/client'
import { HOME_FOLDER } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openNotes } from '../../apps/instance/src/testing/notes.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

/** After the api is there again. */
const CONVERGES_MS = 10_000

for (const { parts, needs } of STACKS) {
  describeReal(needs, `kill -9 of the api (${parts})`, () => {
    let stack: Stack
    beforeAll(async () => {
      stack = await bootStack({ parts })
    })
    afterAll(() => stack?.[Symbol.asyncDispose]())

    async function person(handle: string): Promise<PlatformClient> {
      const client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle })
      return client
    }
    const observed = (client: PlatformClient) =>
      client.trpc.tenants.mine.query().then(
        (view) => view.observed,
        () => null,
      )
    const converges = (client: PlatformClient, to: string) =>
      until(`it is ${to}`, async () => (await observed(client)) === to, CONVERGES_MS)
    const homeOf = (handle: string) => join(stack.dataDir, 'instances', handle, HOME_FOLDER)

    it.each([30, 150])('in a creation, %i ms after it began', async (ms) => {
      const client = await person(`made${ms}`)
      await new Promise((resolve) => setTimeout(resolve, ms))
      await stack.kill('api')
      await converges(client, 'running')
      await openInstance(client, stack.url.replace('//', `//made${ms}.`))
      expect(await stack.instancesOf(`made${ms}`)).toBe(1)
    })

    it.each([30, 150])('in a wake, %i ms after it began', async (ms) => {
      const handle = `woken${ms}`
      const client = await person(handle)
      const { url } = await waitUntilRunning(client)
      await openInstance(client, url)
      const notes = await openNotes(client, handle)
      await notes.save('before the fall')
      await notes.close()
      await putInstanceToSleep(client)
      await converges(client, 'stopped')
      await wakeInstance(client)
      await new Promise((resolve) => setTimeout(resolve, ms))
      await stack.kill('api')
      await converges(client, 'running')
      await openInstance(client, url)
      const again = await openNotes(client, handle)
      expect(again.text).toBe('before the fall')
      await again.close()
      expect(await stack.instancesOf(handle)).toBe(1)
    })

    it.each([10, 60])('in a delete, %i ms after it began', async (ms) => {
      const handle = `gone${ms}`
      const client = await person(handle)
      await waitUntilRunning(client)
      expect(existsSync(homeOf(handle))).toBe(true)
      await deleteInstance(client, handle)
      await new Promise((resolve) => setTimeout(resolve, ms))
      await stack.kill('api')
      await until(
        'container and home are gone',
        async () => !existsSync(homeOf(handle)) && (await stack.instancesOf(handle)) === 0,
        CONVERGES_MS,
      )
      await until('the account is gone', async () => (await observed(client)) === null, CONVERGES_MS)
    })

    it('leaves nothing behind that belongs to nobody', () => {
      const left = readdirSync(join(stack.dataDir, 'instances')).filter((name) => name.startsWith('gone'))
      expect(left).toEqual([])
    })
  })
}
