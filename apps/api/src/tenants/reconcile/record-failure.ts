/** What the database refuses to keep of a failure must not keep the instance from being settled. */
import type { ErrorBody } from '@matrixos/shared'
import { isDatabaseAway } from '../../errors.ts'
import { UNRECORDED } from './failure-text.ts'

/** Writes `what`; when its error is refused, writes the same with a plainer one. `onRefused` is told why. */
export async function recordFailure<W extends { error?: ErrorBody | null }, R>(
  what: W,
  write: (what: W) => Promise<R>,
  onRefused: (reason: unknown) => void,
): Promise<R> {
  try {
    return await write(what)
  } catch (reason) {
    if (isDatabaseAway(reason) || !what.error) throw reason
    onRefused(reason)
    return await write({ ...what, error: UNRECORDED })
  }
}
