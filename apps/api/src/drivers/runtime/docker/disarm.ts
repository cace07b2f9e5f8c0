/** Disarms what root in an instance may have left in its home, once the instance has ended. */
import type { DockerContext } from './context.ts'
import { HANDLE_LABEL } from './labels.ts'
import { traitsOf } from './traits.ts'
import { keyOf } from './view.ts'

/** For a container that does not run. May be repeated; throws `internal` when the home could not be searched. */
export async function disarmHomeOf(
  { settings }: DockerContext,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const key = keyOf(labels)
  const handle = labels[HANDLE_LABEL]
  if (traitsOf(labels).hardened || key === null || handle === undefined) return
  await settings.homes.disarm({ id: key.id, handle })
}
