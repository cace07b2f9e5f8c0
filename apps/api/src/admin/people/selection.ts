/** Whom an action would touch, and the token that proves to it that exactly these were shown. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { canCommand, type PeopleAction, type UserId } from '@matrixos/shared'
import { protectionOf } from './protection.ts'
import type { PersonRecord } from './store.ts'

export interface Admins {
  adminId: UserId
  /** The administrators who can sign in. */
  adminIds: readonly UserId[]
}

const NO_INSTANCE = 'They have no computer.'

/** Why the action leaves this person alone; `null`: it touches them. */
export const WHY_NOT: Record<PeopleAction, (person: PersonRecord, admins: Admins) => string | null> = {
  suspend: ({ user }, admins) =>
    protectionOf(user.id, admins) ?? (user.suspendedAt ? 'Suspended already.' : null),
  unsuspend: ({ user }) => (user.suspendedAt ? null : 'Not suspended.'),
  revokeSessions: ({ user }, { adminId }) => (user.id === adminId ? 'This is your own account.' : null),
  sleepInstance: ({ instance }) =>
    instance ? (canCommand('sleep', instance) ? null : 'Their computer is not running.') : NO_INSTANCE,
  wakeInstance: ({ user, instance }) => {
    if (!instance) return NO_INSTANCE
    if (user.suspendedAt) return 'Their account is suspended.'
    return canCommand('wake', instance) ? null : 'Their computer is awake already.'
  },
}

export const previewTokens = (key: string) => {
  const digest = (action: PeopleAction, adminId: UserId, ids: readonly UserId[]) =>
    createHmac('sha256', key)
      .update(JSON.stringify([action, adminId, [...new Set(ids)].sort()]))
      .digest()

  return {
    issue: (...of: Parameters<typeof digest>): string => digest(...of).toString('base64url'),
    isGenuine: (token: string, ...of: Parameters<typeof digest>): boolean => {
      const given = Buffer.from(token, 'base64url')
      const expected = digest(...of)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}
