/** Whom an administrator may not lock out: themselves, and the only one who could let people in again. Pure. */
import type { UserId } from '@matrixos/shared'

/** Why `id` may be neither suspended nor demoted; `null`: they may. `adminIds`: the administrators who can sign in. */
export function protectionOf(
  id: UserId,
  { adminId, adminIds }: { adminId: UserId; adminIds: readonly UserId[] },
): string | null {
  if (id === adminId) return 'This is your own account.'
  if (adminIds.length === 1 && adminIds[0] === id) return 'This is the only administrator.'
  return null
}
