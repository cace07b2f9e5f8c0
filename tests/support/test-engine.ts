/** The containers and the network of one test's platform. */
import { until } from '@matrixos/testing/until'
import Docker from 'dockerode'

export const engine = () => new Docker()

/** Containers whose name begins with the test's prefix. */
export async function testContainers(prefix: string) {
  const all = await engine().listContainers({ all: true })
  return all.filter((container) => container.Names.some((name) => name.startsWith(`/${prefix}-`)))
}

/** Gone, or on its way: the platform may have begun to remove it before it stopped. */
const isGoing = (error: unknown): boolean =>
  error instanceof Error && 'statusCode' in error && (error.statusCode === 404 || error.statusCode === 409)

export async function removeTestContainers(prefix: string): Promise<void> {
  for (const { Id } of await testContainers(prefix)) {
    await engine()
      .getContainer(Id)
      .remove({ force: true })
      .catch((error: unknown) => {
        if (!isGoing(error)) throw error
      })
  }
  await until('its containers are gone', async () => (await testContainers(prefix)).length === 0, 30_000)
  const name = `matrixos-${prefix}`
  for (const { Id, Name } of await engine().listNetworks({ filters: { name: [name] } })) {
    if (Name !== name && !Name.startsWith(`${name}-`)) continue
    await engine()
      .getNetwork(Id)
      .remove()
      .catch(() => undefined)
  }
}
