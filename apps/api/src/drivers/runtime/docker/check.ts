/** Whether instances can run here, safely. */
import type { DockerContext } from './context.ts'

export async function checkEngine(context: DockerContext, image: string): Promise<void> {
  // What was proved a moment ago is not asked again before each instance that is made: a start asks as well.
  await context.isolation.ensure()
  // Before the image, which may be missing: the AI proxy waits for the address that comes with it.
  await context.network.ensure(0)
  await context.images.get(image)
}
