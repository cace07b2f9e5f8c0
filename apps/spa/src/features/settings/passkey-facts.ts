/** What to say of a passkey besides its name. */
import type { PasskeyView } from '@matrixos/shared'
import { timeAgo } from '../../lib/time.ts'

/** Where it lives: copied between devices by a password manager, or on one device alone. */
export function homeOf({ backupEligible, backedUp, transports }: PasskeyView): string {
  if (backedUp) return 'Synced between your devices'
  if (backupEligible) return 'Not synced yet'
  return transports.some((way) => way === 'usb' || way === 'nfc') ? 'Security key' : 'On one device only'
}

/** `Added 3 days ago · last used just now`. `now`: milliseconds since 1970. */
export const usesOf = ({ createdAt, lastUsedAt }: PasskeyView, now: number): string =>
  createdAt === lastUsedAt
    ? `Added ${timeAgo(createdAt, now)} · not used since`
    : `Added ${timeAgo(createdAt, now)} · last used ${timeAgo(lastUsedAt, now)}`
