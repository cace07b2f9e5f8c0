/** Notifications of session ends from this api process to all others, and recovery when one is lost. */
import type { SessionId, UserId } from '@matrixos/shared'
import type { Notifications } from '../../db/notifications.ts'
import type { Log } from '../../log.ts'
import type { SessionState } from './state.ts'

export interface SessionEndsOptions {
  notifications: Notifications
  state: Pick<SessionState, 'end' | 'findEnded'>
  log: Log
}

export type SessionEnds = Awaited<ReturnType<typeof createSessionEnds>>

export async function createSessionEnds({ notifications, state, log }: SessionEndsOptions) {
  const warn = (error: unknown) => log.warn({ err: error }, 'failed to look for session ends')

  /** Notices of other processes may have been missed, or never sent: sessions seen here are asked for again. */
  async function catchUp(): Promise<void> {
    for (const { id, userId } of await state.findEnded()) state.end(id, userId)
  }

  const unsubscribe = await notifications.subscribe('sessions', {
    onNotice: ({ id, userId }) => state.end(id, userId),
    onConnected: () => void catchUp().catch(warn),
  })

  return {
    /** Call it once the database knows. */
    announce(id: SessionId, userId: UserId): void {
      state.end(id, userId)
      notifications.publish('sessions', { id, userId })
    },
    catchUp,
    close: unsubscribe,
  }
}
