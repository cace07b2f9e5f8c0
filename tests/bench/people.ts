/** People with an instance, made through the real procedures, as the benchmarks use them. */

import { putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import type { Stack } from '../support/stack.ts'

export interface Person {
  handle: string
  client: PlatformClient
  url: string
  /** Sends it to sleep and waits until it is. */
  sleep: () => Promise<void>
  /** The two parts of that: asking again and again whether it sleeps takes a share of what is measured meanwhile. */
  fallAsleep: () => Promise<void>
  untilAsleep: () => Promise<void>
  /** One request through the edge, to its first byte; throws for any status but 200. */
  visit: () => Promise<void>
}

export async function createPerson(stack: Stack, handle: string): Promise<Person> {
  const client = stack.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  const { url } = await waitUntilRunning(client)
  await openInstance(client, url)
  const fallAsleep = async () => void (await putInstanceToSleep(client))
  const isAsleep = async () => (await client.trpc.tenants.mine.query()).observed === 'stopped'
  const untilAsleep = async () => void (await until('it sleeps', isAsleep, 30_000))
  return {
    handle,
    client,
    url,
    fallAsleep,
    untilAsleep,
    async sleep() {
      await fallAsleep()
      await untilAsleep()
    },
    async visit() {
      const response = await client.browser.fetch(`${url}/health`)
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`)
      await response.text()
    },
  }
}
