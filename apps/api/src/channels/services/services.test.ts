import type { ChannelKind } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import {
  discordCommand,
  type Made,
  PROOFS,
  signed,
  slackDirect,
  slackEvent,
  telegramUpdate,
} from '../testing/deliveries.ts'
import { SERVICES } from './index.ts'

const NOW = 1_800_000_000_000
const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const isGenuine = (kind: ChannelKind, { headers, body }: Made, proof = PROOFS[kind], now = NOW) =>
  SERVICES[kind].isGenuine({ headers: new Headers(headers), body: bytes(body) }, proof, now)

const right: Record<ChannelKind, Made> = {
  telegram: signed.telegram(telegramUpdate(1, 'Hello')),
  slack: signed.slack(slackDirect('Ev1', 'Hello'), NOW),
  discord: signed.discord(discordCommand('1', 'Hello'), NOW),
}
const altered = (made: Made): Made => ({ ...made, body: made.body.replace('Hello', 'Hullo') })
const without = ({ headers, body }: Made, name: string): Made => ({
  headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)),
  body,
})
const changed = ({ headers, body }: Made, name: string, value: string): Made => ({
  headers: { ...headers, [name]: value },
  body,
})

describe('what is genuine', () => {
  it.each(['telegram', 'slack', 'discord'] as const)('takes %s at its word', async (kind) => {
    expect(await isGenuine(kind, right[kind])).toBe(true)
    expect(await isGenuine(kind, right[kind], SERVICES[kind].nobodysProof)).toBe(false)
  })

  it.each<[string, ChannelKind, Made]>([
    ['no token', 'telegram', without(right.telegram, 'x-telegram-bot-api-secret-token')],
    [
      'the beginning of the token',
      'telegram',
      changed(right.telegram, 'x-telegram-bot-api-secret-token', PROOFS.telegram.slice(0, -1)),
    ],
    [
      'a longer token',
      'telegram',
      changed(right.telegram, 'x-telegram-bot-api-secret-token', `${PROOFS.telegram}0`),
    ],
    ['an altered body', 'slack', altered(right.slack)],
    ['no signature', 'slack', without(right.slack, 'x-slack-signature')],
    ['no time', 'slack', without(right.slack, 'x-slack-request-timestamp')],
    ['another time', 'slack', changed(right.slack, 'x-slack-request-timestamp', String(NOW / 1000 + 1))],
    [
      'another version',
      'slack',
      changed(
        right.slack,
        'x-slack-signature',
        right.slack.headers['x-slack-signature']?.replace('v0', 'v1') ?? '',
      ),
    ],
    ['a delivery of 301 s ago', 'slack', signed.slack(slackDirect('Ev1', 'Hello'), NOW - 301_000)],
    ['a delivery of the future', 'slack', signed.slack(slackDirect('Ev1', 'Hello'), NOW + 301_000)],
    ['a delivery of 301 s ago', 'discord', signed.discord(discordCommand('1', 'Hello'), NOW - 301_000)],
    ['an altered body', 'discord', altered(right.discord)],
    ['no signature', 'discord', without(right.discord, 'x-signature-ed25519')],
    ['a signature that is none', 'discord', changed(right.discord, 'x-signature-ed25519', 'zz')],
    ['half a signature', 'discord', changed(right.discord, 'x-signature-ed25519', '00'.repeat(32))],
    ['another time', 'discord', changed(right.discord, 'x-signature-timestamp', '1')],
  ])('refuses %s for %s', async (_, kind, made) => {
    expect(await isGenuine(kind, made)).toBe(false)
  })

  it('still takes what Slack sent just under five minutes ago', async () => {
    expect(await isGenuine('slack', signed.slack(slackDirect('Ev1', 'Hello'), NOW - 299_000))).toBe(true)
  })
})

describe('what it says', () => {
  const told = (kind: ChannelKind, body: object) => {
    const reading = SERVICES[kind].read(body)
    return reading?.kind === 'message' ? reading.told : reading
  }

  it('reads a message from Telegram', () => {
    expect(told('telegram', telegramUpdate(12, 'Hello'))).toEqual({
      ...{ eventId: '12', conversation: 'telegram-7', words: 'Hello', at: '2023-11-14T22:13:20.000Z' },
      from: { id: '7', name: 'Ada (@ada)' },
      reply: { chat: '7', message: '120' },
    })
    expect(told('telegram', telegramUpdate(12, 'Hello', -100))).toMatchObject({
      ...{ conversation: 'telegram-g100', reply: { chat: '-100' } },
    })
  })

  it('answers in the thread of a channel in Slack, and below a message to itself alone', () => {
    expect(told('slack', slackDirect('Ev1', 'Hello'))).toEqual({
      ...{ eventId: 'Ev1', conversation: 'slack-d7', words: 'Hello', at: '2023-11-14T22:13:20.000Z' },
      from: { id: 'U7', name: '' },
      reply: { channel: 'D7', message: '1700000000.000100' },
    })
    const mention = slackEvent('Ev2', { type: 'app_mention', channel: 'C1', text: '<@U0BOT> what is up?' })
    expect(told('slack', mention)).toMatchObject({
      ...{ conversation: 'slack-c1-1700000000-000100', words: 'what is up?' },
      reply: { channel: 'C1', thread: '1700000000.000100' },
    })
    const below = slackEvent('Ev3', { type: 'app_mention', channel: 'C1', thread_ts: '1600000000.1' })
    expect(told('slack', below)).toMatchObject({ conversation: 'slack-c1-1600000000-1' })
  })

  it('reads a command from Discord', () => {
    expect(told('discord', discordCommand('175928847299117063', 'Hello'))).toEqual({
      ...{ eventId: '175928847299117063', conversation: 'discord-55', words: 'Hello' },
      ...{ from: { id: '77', name: 'Ada' }, at: '2016-04-30T11:18:25.796Z' },
      reply: { application: '900', token: 'interaction-token', channel: '55' },
    })
  })

  it('answers what services ask to see that somebody is there', () => {
    expect(SERVICES.slack.read({ type: 'url_verification', challenge: 'c1', token: 't' })).toEqual({
      ...{ kind: 'answer', body: { challenge: 'c1' } },
    })
    expect(SERVICES.discord.read({ id: '1', application_id: '9', type: 1, token: 't', version: 1 })).toEqual({
      ...{ kind: 'answer', body: { type: 1 } },
    })
    expect(SERVICES.discord.taken).toEqual({ type: 5 })
  })

  it.each<[string, ChannelKind, object]>([
    ['an edited message', 'telegram', { update_id: 1, edited_message: {} }],
    ['what a bot says', 'telegram', { update_id: 1, message: { ...bot() } }],
    [
      'what it says itself',
      'slack',
      slackEvent('Ev1', { type: 'message', channel_type: 'im', bot_id: 'B1' }),
    ],
    [
      'a change',
      'slack',
      slackEvent('Ev1', { type: 'message', channel_type: 'im', subtype: 'message_changed' }),
    ],
    [
      'what others say to each other',
      'slack',
      slackEvent('Ev1', { type: 'message', channel_type: 'channel' }),
    ],
    ['a mention alone', 'slack', slackEvent('Ev1', { type: 'app_mention', text: '<@U0BOT> ' })],
  ])('lets %s be (%s)', (_, kind, body) => {
    expect(SERVICES[kind].read(body)).toEqual({ kind: 'nothing' })
  })

  it.each<[string, ChannelKind, object]>([
    [
      'a time that is none',
      'telegram',
      { update_id: 1, message: { ...bot(), date: 9e15, from: { id: 2, is_bot: false, first_name: 'B' } } },
    ],
    ['a time that is none', 'slack', { ...slackDirect('Ev1', 'Hello'), event_time: 9e15 }],
    ['an id that no database takes', 'slack', slackDirect('Ev\u00001', 'Hello')],
    ['an id of another age', 'discord', discordCommand('9'.repeat(30), 'Hello')],
  ])('does not take %s from %s', (_, kind, body) => {
    expect(SERVICES[kind].read(body)).toBe(null)
  })

  it.each(['telegram', 'slack', 'discord'] as const)(
    'does not take for a delivery of %s what is none',
    (kind) => {
      for (const body of [undefined, null, 1, 'x', [], {}, { type: 'event_callback' }, { update_id: 'x' }])
        expect(SERVICES[kind].read(body)).toBe(null)
    },
  )
})

function bot() {
  return {
    message_id: 1,
    date: 1,
    text: 'x',
    chat: { id: 1 },
    from: { id: 2, is_bot: true, first_name: 'B' },
  }
}
