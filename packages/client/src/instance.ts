/** A person's own instance: waking it, putting it to sleep, deleting it, following its state. */
import type { InstanceView } from '@matrixos/shared'
import type { Client } from './client.ts'

const idOf = async ({ trpc }: Client) => (await trpc.tenants.mine.query()).id

export const wakeInstance = async (client: Client): Promise<InstanceView> =>
  client.trpc.tenants.wake.mutate({ instanceId: await idOf(client) })

export const putInstanceToSleep = async (client: Client): Promise<InstanceView> =>
  client.trpc.tenants.sleep.mutate({ instanceId: await idOf(client) })

/** Final. `handle` guards against a slip. */
export async function deleteInstance(client: Client, handle: string): Promise<void> {
  await client.trpc.tenants.delete.mutate({ instanceId: await idOf(client), handle })
}

/** Follows the instance's state until it is `running`. Rejects after `timeoutMs` with the last state seen. */
export async function waitUntilRunning(client: Client, timeoutMs = 60_000): Promise<InstanceView> {
  const instanceId = await idOf(client)
  let last: InstanceView | undefined
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer)
      subscription.unsubscribe()
      finish()
    }
    const subscription = client.trpc.tenants.watch.subscribe(
      { instanceId },
      {
        onData: ({ data }) => {
          last = data
          if (data.observed === 'running') settle(() => resolve(data))
        },
        onError: (error) => settle(() => reject(error)),
      },
    )
    const timer = setTimeout(() => {
      const seen = last ? JSON.stringify(last) : 'nothing'
      settle(() => reject(new Error(`The instance did not run within ${timeoutMs} ms. Last seen: ${seen}`)))
    }, timeoutMs)
  })
}
