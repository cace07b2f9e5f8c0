/** Whose credits have changed, in this process or another: a hint, after which the view is read again. */
import type { UserId } from '@matrixos/shared'
import type { Notifications } from '../../db/notifications.ts'

export type CreditChanges = Awaited<ReturnType<typeof createCreditChanges>>

export async function createCreditChanges({
  notifications,
}: {
  notifications: Pick<Notifications, 'publish' | 'subscribe'>
}) {
  /** `null`: anybody's may have. */
  const listeners = new Set<(userId: UserId | null) => void>()
  const tell = (userId: UserId | null) => {
    for (const listener of listeners) listener(userId)
  }
  const close = await notifications.subscribe('credits', {
    onNotice: ({ userId }) => tell(userId),
    onConnected: () => tell(null),
  })

  return {
    /** Call it once the database knows. */
    publish(userId: UserId): void {
      tell(userId)
      notifications.publish('credits', { userId })
    },

    /** The answer ends that. */
    onChange(listener: (userId: UserId | null) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    close,
  }
}
