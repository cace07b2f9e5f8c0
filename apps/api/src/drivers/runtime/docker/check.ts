/** Whether instances can run here, safely. */
import type { DockerContext } from './context.ts'

export async function checkEngine(context: DockerContext, image: string): Promise<void> {
  await context.isolation.verify()
  await context.images.get(image)
  await context.network.ensure()
}
