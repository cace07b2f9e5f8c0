/** Deliveries as the three services make them, for tests. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import type { ChannelKind } from '@matrixos/shared'

export interface Made {
  headers: Record<string, string>
  body: string
}

export const TELEGRAM_PROOF = 'telegram-secret-of-the-tests-0123456789'
export const SLACK_PROOF = '8f742231b10e8888abcd99yyyzzz85a5'.replace(/[^0-9a-f]/g, '0')
const keys = generateKeyPairSync('ed25519')
/** Raw, hexadecimal, as Discord shows it. */
export const DISCORD_PROOF = keys.publicKey
  .export({ format: 'der', type: 'spki' })
  .subarray(-32)
  .toString('hex')

export const PROOFS: Record<ChannelKind, string> = {
  telegram: TELEGRAM_PROOF,
  slack: SLACK_PROOF,
  discord: DISCORD_PROOF,
}

const seconds = (now: number) => String(Math.floor(now / 1000))

export const signed = {
  telegram: (body: object): Made => ({
    headers: { 'x-telegram-bot-api-secret-token': TELEGRAM_PROOF },
    body: JSON.stringify(body),
  }),
  slack(content: object, now = Date.now()): Made {
    const [time, body] = [seconds(now), JSON.stringify(content)]
    const mac = createHmac('sha256', SLACK_PROOF).update(`v0:${time}:${body}`).digest('hex')
    return { headers: { 'x-slack-request-timestamp': time, 'x-slack-signature': `v0=${mac}` }, body }
  },
  discord(content: object, now = Date.now()): Made {
    const [time, body] = [seconds(now), JSON.stringify(content)]
    const signature = sign(null, Buffer.from(time + body), keys.privateKey).toString('hex')
    return { headers: { 'x-signature-timestamp': time, 'x-signature-ed25519': signature }, body }
  },
}

export const telegramUpdate = (id: number, text: string, chat = 7, from = 7): object => ({
  update_id: id,
  message: {
    ...{ message_id: id * 10, date: 1_700_000_000, text },
    chat: { id: chat, type: 'private', first_name: 'Ada' },
    from: { id: from, is_bot: false, first_name: 'Ada', username: 'ada' },
  },
})

export const slackEvent = (id: string, event: object): object => ({
  ...{ type: 'event_callback', team_id: 'T1', api_app_id: 'A1', event_id: id, event_time: 1_700_000_000 },
  event: { user: 'U7', text: 'Hello', ts: '1700000000.000100', channel: 'D7', ...event },
})
export const slackDirect = (id: string, text: string): object =>
  slackEvent(id, { type: 'message', channel_type: 'im', text })

export const discordCommand = (id: string, words: string, more: object = {}): object => ({
  ...{ id, application_id: '900', type: 2, token: 'interaction-token', version: 1, channel_id: '55' },
  member: { user: { id: '77', username: 'ada', global_name: 'Ada' } },
  data: { id: '1', name: 'ask', type: 1, options: [{ name: 'words', type: 3, value: words }] },
  ...more,
})
