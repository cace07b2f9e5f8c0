/** Which tokens for AI calls instances may still have, by what the runtime shows of their containers. Pure. */
import type { InstanceId } from '@matrixos/shared'
import type { RuntimeInstance } from '../../ports/runtime.ts'
import type { InstanceRow } from '../store.ts'

export type AiTokenUse = Pick<InstanceRow, 'id' | 'aiTokenGeneration'>

/**
 * Of each instance that serves, the oldest generation that one of its containers was started with: nobody has an older
 * one any more. A container that stands still counts as well, since it may be started as it is.
 */
export function aiTokensInUse(
  rows: readonly Pick<InstanceRow, 'id' | 'observed'>[],
  seen: readonly RuntimeInstance[],
  serving: ReadonlyMap<InstanceId, RuntimeInstance>,
): AiTokenUse[] {
  const serves = new Set(rows.filter(({ observed }) => observed === 'running').map(({ id }) => id))
  const oldest = new Map<InstanceId, number>()
  for (const { id, aiTokenGeneration } of seen) {
    if (!serves.has(id) || serving.get(id)?.status !== 'running') continue
    oldest.set(id, Math.min(oldest.get(id) ?? Number.POSITIVE_INFINITY, aiTokenGeneration ?? 0))
  }
  return [...oldest].map(([id, aiTokenGeneration]) => ({ id, aiTokenGeneration }))
}
