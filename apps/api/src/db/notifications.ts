/**
 * What api processes tell each other, by topic: which thing has changed, never how. A notification is a hint that may
 * be lost; whoever hears one, or learns of a gap, reads the database again.
 */
import { aiProviderSchema, idSchema } from '@matrixos/shared'
import { z } from 'zod'
import type { Log } from '../log.ts'
import type { Database } from './database.ts'

const TOPICS = {
  /** An instance's row was written or removed. */
  instances: z.object({ id: idSchema('ins') }),
  /** Who may see an instance besides its owner was changed. */
  shares: z.object({ instanceId: idSchema('ins') }),
  /** An app was published, or is no longer, or as something else. */
  publications: z.object({ instanceId: idSchema('ins') }),
  /** A session has ended. */
  sessions: z.object({ id: idSchema('ses'), userId: idSchema('usr') }),
  /** A setting was switched. */
  settings: z.object({ name: z.string() }),
  /** A plan was made, changed or removed. */
  plans: z.object({ key: z.string() }),
  /** A model's price was edited. */
  prices: z.object({ provider: aiProviderSchema, model: z.string() }),
  /** What somebody may spend on AI, has spent, or has in flight. */
  credits: z.object({ userId: idSchema('usr') }),
  /** An item of the feed was posted, brought back, or taken away. */
  feed: z.object({ itemId: idSchema('itm') }),
}

export type Topic = keyof typeof TOPICS
export type Notice<T extends Topic> = z.infer<(typeof TOPICS)[T]>

export interface Subscriber<T extends Topic> {
  /** Another process published this. */
  onNotice: (notice: Notice<T>) => void
  /** Notices may have been missed: at the first connection and after each lost one. */
  onConnected: () => void
}

export interface Notifications {
  /** Call it once the database knows. Never throws: the timed resync finds what was not passed on. */
  publish: <T extends Topic>(topic: T, notice: Notice<T>) => void
  /** Hears what other processes publish. Resolves with what ends that. */
  subscribe: <T extends Topic>(topic: T, subscriber: Subscriber<T>) => Promise<() => Promise<void>>
}

export interface NotificationsOptions {
  database: Pick<Database, 'listen' | 'notify'>
  /** Tells this process's own notifications from others'. */
  processId: string
  log: Log
}

const messageSchema = z.object({ from: z.string(), notice: z.unknown() })

/** `null`: not a message of this version. */
function parse(payload: string): z.infer<typeof messageSchema> | null {
  try {
    return messageSchema.parse(JSON.parse(payload))
  } catch {
    return null
  }
}

export function createNotifications({ database, processId, log }: NotificationsOptions): Notifications {
  return {
    publish(topic, notice) {
      const payload = JSON.stringify({ from: processId, notice })
      database
        .notify(topic, payload)
        .catch((error: unknown) =>
          log.warn({ err: error, topic }, 'could not pass a change on; the resync will'),
        )
    },

    subscribe: (topic, { onNotice, onConnected }) =>
      database.listen(topic, {
        onMessage: (payload) => {
          const message = parse(payload)
          if (message?.from === processId) return
          const notice = TOPICS[topic].safeParse(message?.notice)
          if (notice.success) onNotice(notice.data as Parameters<typeof onNotice>[0])
          else log.warn({ topic }, 'a notification could not be read')
        },
        onConnected,
      }),
  }
}
