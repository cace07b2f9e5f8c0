/** Ends of sessions, here and at every other api process: streams close, and no cookie of theirs counts any more. */
import { idSchema, type SessionId, type UserId } from '@matrixos/shared'
import { z } from 'zod'
import type { Database } from '../../db/database.ts'
import type { Log } from '../../log.ts'
import type { SessionState } from './state.ts'
import type { SessionStreams } from './streams.ts'

const TOPIC = 'sessions'
const messageSchema = z.tuple([idSchema('ses'), idSchema('usr')])

export interface SessionEndsOptions {
  database: Pick<Database, 'listen' | 'notify'>
  state: Pick<SessionState, 'end' | 'findEnded'>
  streams: Pick<SessionStreams, 'close'>
  log: Log
}

export async function createSessionEnds({ database, state, streams, log }: SessionEndsOptions) {
  const warn = (error: unknown) => log.warn({ err: error }, 'ends of sessions were not passed on at once')

  function end(id: SessionId, userId: UserId): void {
    if (state.end(id)) streams.close(id, userId)
  }

  /** Words of other processes may have been missed: what was seen here is asked for again. */
  async function catchUp(): Promise<void> {
    for (const { id, userId } of await state.findEnded()) end(id, userId)
  }

  const unlisten = await database.listen(TOPIC, {
    onMessage: (payload) => {
      const message = messageSchema.safeParse(payload.split(' '))
      if (message.success) end(...message.data)
    },
    onConnected: () => void catchUp().catch(warn),
  })

  return {
    /** Call it once the database knows. */
    announce(id: SessionId, userId: UserId): void {
      end(id, userId)
      database.notify(TOPIC, `${id} ${userId}`).catch(warn)
    },
    close: unlisten,
  }
}
