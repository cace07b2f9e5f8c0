/** Telegram: https://core.telegram.org/bots/api#setwebhook and #update. */
import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { sha256 } from '../../keys.ts'
import { plain, type Service, unixTime } from './service.ts'

const HEADER = 'x-telegram-bot-api-secret-token'

const update = z.object({
  update_id: z.int(),
  message: z
    .object({
      message_id: z.int(),
      message_thread_id: z.int().optional(),
      is_topic_message: z.boolean().optional(),
      date: unixTime,
      chat: z.object({ id: z.int() }),
      from: z
        .object({
          id: z.int(),
          is_bot: z.boolean(),
          first_name: z.string(),
          last_name: z.string().optional(),
          username: z.string().optional(),
        })
        .optional(),
      text: z.string().optional(),
      caption: z.string().optional(),
    })
    .optional(),
})

export const telegram: Service = {
  // Digests are compared, so neither length nor content shows in time.
  isGenuine: async ({ headers }, proof) =>
    timingSafeEqual(Buffer.from(sha256(headers.get(HEADER) ?? '')), Buffer.from(sha256(proof))),
  taken: { ok: true },
  refusal: 404,
  nobodysProof: '0'.repeat(64),

  read(body) {
    const parsed = update.safeParse(body)
    if (!parsed.success) return null
    const { update_id, message } = parsed.data
    const words = message?.text ?? message?.caption
    if (!message?.from || message.from.is_bot || !words) return { kind: 'nothing' }
    const { from, chat, message_id, date } = message
    const thread = message.is_topic_message ? message.message_thread_id : undefined
    const name = [from.first_name, from.last_name].filter(Boolean).join(' ')
    return {
      kind: 'message',
      told: {
        eventId: String(update_id),
        conversation: ['telegram', plain(`${chat.id < 0 ? 'g' : ''}${Math.abs(chat.id)}`), thread]
          .filter((part) => part !== undefined)
          .join('-'),
        from: { id: String(from.id), name: from.username ? `${name} (@${from.username})` : name },
        words,
        at: new Date(date * 1000).toISOString(),
        reply: {
          chat: String(chat.id),
          message: String(message_id),
          ...(thread !== undefined && { thread: String(thread) }),
        },
      },
    }
  },
}
