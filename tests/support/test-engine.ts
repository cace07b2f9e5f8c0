/** The containers and the network of one test's platform. */
import Docker from 'dockerode'

export const engine = () => new Docker()

/** Containers whose name begins with the test's prefix. */
export async function testContainers(prefix: string) {
  const all = await engine().listContainers({ all: true })
  return all.filter((container) => container.Names.some((name) => name.startsWith(`/${prefix}-`)))
}

export async function removeTestContainers(prefix: string): Promise<void> {
  for (const { Id } of await testContainers(prefix)) await engine().getContainer(Id).remove({ force: true })
  await engine()
    .getNetwork(`matrixos-${prefix}`)
    .remove()
    .catch(() => undefined)
}
