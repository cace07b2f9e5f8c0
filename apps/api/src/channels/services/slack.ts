/** Slack: https://docs.slack.dev/authentication/verifying-requests-from-slack and its Events API. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { isRecent, plain, type Service, unixTime } from './service.ts'

const outer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('url_verification'), challenge: z.string().max(1_000) }),
  z.object({
    type: z.literal('event_callback'),
    event_id: z.string().regex(/^[\x21-\x7e]{1,100}$/),
    event_time: unixTime,
    event: z.object({
      type: z.string(),
      channel: z.string().max(100).optional(),
      channel_type: z.string().optional(),
      user: z.string().max(100).optional(),
      bot_id: z.string().optional(),
      subtype: z.string().optional(),
      text: z.string().optional(),
      ts: z.string().max(40).optional(),
      thread_ts: z.string().max(40).optional(),
    }),
  }),
  z.object({ type: z.literal('app_rate_limited') }),
])

/** The bot's own name at the beginning, by which it was called. */
const CALLED = /^\s*<@[A-Z0-9]+>[\s,:]*/

export const slack: Service = {
  async isGenuine({ headers, body }, proof, now) {
    const time = headers.get('x-slack-request-timestamp') ?? ''
    const mac = createHmac('sha256', proof).update(`v0:${time}:`).update(body).digest('hex')
    const [expected, given] = [Buffer.from(`v0=${mac}`), Buffer.from(headers.get('x-slack-signature') ?? '')]
    return given.length === expected.length && timingSafeEqual(given, expected) && isRecent(time, now)
  },
  taken: {},
  refusal: 404,
  nobodysProof: '0'.repeat(32),

  read(body) {
    const parsed = outer.safeParse(body)
    if (!parsed.success) return null
    const { data } = parsed
    if (data.type === 'url_verification') return { kind: 'answer', body: { challenge: data.challenge } }
    if (data.type === 'app_rate_limited') return { kind: 'nothing' }
    const { type, channel, channel_type, user, bot_id, subtype, text, ts, thread_ts } = data.event
    const isDirect = type === 'message' && channel_type === 'im'
    // What it says itself comes back as well.
    const isPersons = user !== undefined && bot_id === undefined && subtype === undefined
    const words = (text ?? '').replace(CALLED, '')
    if (!(isDirect || type === 'app_mention') || !isPersons || !channel || !ts || !words.trim())
      return { kind: 'nothing' }
    // Alone with somebody it answers below; among others, in a thread of its own.
    const thread = thread_ts ?? (isDirect ? undefined : ts)
    return {
      kind: 'message',
      told: {
        eventId: data.event_id,
        conversation: ['slack', plain(channel), ...(thread ? [plain(thread)] : [])].join('-'),
        from: { id: user, name: '' },
        words,
        at: new Date(data.event_time * 1000).toISOString(),
        reply: { channel, message: ts, ...(thread && { thread }) },
      },
    }
  },
}
