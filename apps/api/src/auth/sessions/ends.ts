/** Notifications of session ends from this api process to all others, and recovery when one is lost. */
import { idSchema, type SessionId, type UserId } from '@matrixos/shared'
import { z } from 'zod'
import type { Database } from '../../db/database.ts'
import type { Log } from '../../log.ts'
import type { SessionState } from './state.ts'

const TOPIC = 'sessions'
const messageSchema = z.tuple([idSchema('ses'), idSchema('usr')])

export interface SessionEndsOptions {
  database: Pick<Database, 'listen' | 'notify'>
  state: Pick<SessionState, 'end' | 'findEnded'>
  log: Log
}

export async function createSessionEnds({ database, state, log }: SessionEndsOptions) {
  const warn = (error: unknown) => log.warn({ err: error }, 'failed to broadcast session ends')

  /** Words of other processes may have been missed, or never said: what was seen here is asked for again. */
  async function catchUp(): Promise<void> {
    for (const { id, userId } of await state.findEnded()) state.end(id, userId)
  }

  const unlisten = await database.listen(TOPIC, {
    onMessage: (payload) => {
      const message = messageSchema.safeParse(payload.split(' '))
      if (message.success) state.end(...message.data)
    },
    onConnected: () => void catchUp().catch(warn),
  })

  return {
    /** Call it once the database knows. */
    announce(id: SessionId, userId: UserId): void {
      state.end(id, userId)
      database.notify(TOPIC, `${id} ${userId}`).catch(warn)
    },
    catchUp,
    close: unlisten,
  }
}
