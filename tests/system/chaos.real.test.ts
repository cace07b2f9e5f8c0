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
import { engineBrake, stopProcess } from '../support/brake.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

/** After the api is there again. */
const CONVERGES_MS = 10_000

for (const { parts, needs } of STACKS) {
  describeReal(needs, `kill -9 of the api (${parts})`, () => {
    let stack: Stack
    let brake: Awaited<ReturnType<typeof engineBrake>> | null = null
    beforeAll(async () => {
      if (parts === 'real') brake = await engineBrake()
      stack = await bootStack({ parts, ...(brake && { env: { DOCKER_HOST: brake.host } }) })
    })
    afterAll(async () => {
      await stack?.[Symbol.asyncDispose]()
      await brake?.[Symbol.asyncDispose]()
    })

    const people = new Map<string, PlatformClient>()
    async function person(handle: string): Promise<PlatformClient> {
      const client = stack.client()
      people.set(handle, client)
      await signUp({ client, authenticator: createAuthenticator(), handle })
      return client
    }
    function known(handle: string): PlatformClient {
      const client = people.get(handle)
      if (!client) throw new Error(`Nobody is called ${handle}.`)
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

    /**
     * Kills the api while what `begin` asks for is under way, and proves that it was: the engine has not answered, or
     * the instance has neither answered nor ended. `during`: what is observed meanwhile.
     */
    async function killDuring(
      kind: 'create' | 'start' | 'remove',
      handle: string,
      during: string,
      begin: () => Promise<unknown>,
    ) {
      const underWay = brake
        ? brake.holdNext(kind).then(() => () => undefined)
        : stopProcess(handle, stack.dataDir)
      await begin()
      const goOn = await underWay
      const client = known(handle)
      await until(`it is ${during}`, async () => (await observed(client)) === during)
      const killed = stack.kill('api')
      goOn()
      await killed
    }

    it('in a creation', async () => {
      // Where instances are processes, a creation is over in a moment: it is caught at its first start.
      await killDuring('create', 'made', brake ? 'creating' : 'starting', () => person('made'))
      const client = known('made')
      await converges(client, 'running')
      await openInstance(client, stack.url.replace('//', '//made.'))
      expect(await stack.instancesOf('made')).toBe(1)
    })

    it('in a wake', async () => {
      const client = await person('woken')
      const { url } = await waitUntilRunning(client)
      await openInstance(client, url)
      const notes = await openNotes(client, 'woken')
      await notes.save('before the fall')
      await notes.close()
      await putInstanceToSleep(client)
      await converges(client, 'stopped')
      await killDuring('start', 'woken', 'starting', () => wakeInstance(client))
      await converges(client, 'running')
      await openInstance(client, url)
      const again = await openNotes(client, 'woken')
      expect(again.text).toBe('before the fall')
      await again.close()
      expect(await stack.instancesOf('woken')).toBe(1)
    })

    it('in a delete', async () => {
      const client = await person('gone')
      await waitUntilRunning(client)
      expect(existsSync(homeOf('gone'))).toBe(true)
      await killDuring('remove', 'gone', 'stopping', () => deleteInstance(client, 'gone'))
      await until(
        'container and home are gone',
        async () => !existsSync(homeOf('gone')) && (await stack.instancesOf('gone')) === 0,
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
