/** People with an instance, made through the real procedures, as the benchmarks use them. */
import { createAuthenticator } from '../support/authenticator.ts'
import { openInstance, type PlatformClient, signUp, waitUntilRunning } from '../support/platform-client.ts'
import type { Stack } from '../support/stack.ts'
import { until } from '../support/until.ts'

export interface Person {
  handle: string
  client: PlatformClient
  url: string
  /** Sends it to sleep and waits until it is. */
  sleep: () => Promise<void>
  /** One request through the edge, to its first byte; throws for any status but 200. */
  visit: () => Promise<void>
}

export async function createPerson(stack: Stack, handle: string): Promise<Person> {
  const client = stack.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  const { url } = await waitUntilRunning(client)
  await openInstance(client, url)
  return {
    handle,
    client,
    url,
    async sleep() {
      await client.trpc.tenants.sleep.mutate()
      await until(
        'it sleeps',
        async () => (await client.trpc.tenants.mine.query()).observed === 'stopped',
        30_000,
      )
    },
    async visit() {
      const response = await client.browser.fetch(`${url}/health`)
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`)
      await response.text()
    },
  }
}
