/** Whose computer it is where there is one alone. */
import type { InstanceRow } from '../../tenants/store.ts'

/** One that is on its way out counts only as long as there is no other: somebody may have claimed anew meanwhile. */
export function soleHandle(rows: Iterable<Pick<InstanceRow, 'handle' | 'desired'>>): string | null {
  let leaving: string | null = null
  for (const { handle, desired } of rows) {
    if (desired !== 'deleted') return handle
    leaving ??= handle
  }
  return leaving
}
