/** Whether instances can run here, safely. */
import type { DockerContext } from './context.ts'
import { requireOciRuntime } from './oci-runtimes.ts'

export async function checkEngine(context: DockerContext, image: string): Promise<void> {
  // What was proved a moment ago is not asked again before each instance that is made: a start asks as well.
  await context.isolation.ensure()
  // Before the image, which may be missing: the AI proxy waits for the address that comes with it.
  await context.network.ensure()
  if (context.settings.ociRuntime !== 'runc')
    await requireOciRuntime(context.engine, context.settings.ociRuntime)
  await context.images.get(image)
}
