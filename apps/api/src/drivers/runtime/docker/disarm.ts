/** Disarms what root in an instance may have left in its home, once the instance has ended. */
import { disarmHome } from '../home.ts'
import type { DockerContext } from './context.ts'
import { HANDLE_LABEL } from './labels.ts'
import { traitsOf } from './traits.ts'

/** For a container that does not run. May be repeated; throws `internal` when the home could not be searched. */
export async function disarmHomeOf(
  { settings }: DockerContext,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  // Without root, the api can neither be left setuid files of root's nor take them away.
  if (traitsOf(labels).hardened || !settings.canChown) return
  await disarmHome(settings.instancesDir, labels[HANDLE_LABEL] ?? '')
}
