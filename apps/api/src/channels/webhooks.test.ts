import type { ChannelKind, ChannelMessage, InstanceId } from '@matrixos/shared'
import { eq, sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { channelMessages, channels, instances } from '../db/schema/index.ts'
import type { HandOver, Outcome } from '../errands/hand-over.ts'
import { memoryLimit } from '../limits/attempt-limit.ts'
import { signUp } from '../quota/ledger/testing/people.ts'
import { type Books, openBooks } from '../quota/testing/books.ts'
import { createSeal } from '../seal.ts'
import { createDeliveries } from './deliveries.ts'
import { createQueue } from './queue.ts'
import { createChannels } from './service.ts'
import { createChannelStore } from './store.ts'
import {
  discordCommand,
  type Made,
  PROOFS,
  signed,
  slackDirect,
  telegramUpdate,
} from './testing/deliveries.ts'
import { createWebhooks } from './webhooks.ts'

let books: Books
let instanceId: InstanceId
beforeAll(async () => {
  books = await openBooks()
  instanceId = (await signUp(books.database, 'ada', 'mosai_a')).instanceId
}, 180_000)
afterAll(() => books[Symbol.asyncDispose]())
beforeEach(async () => {
  await books.database.db.delete(channels)
  await books.database.db.update(instances).set({ isSuspended: false, desired: 'awake' })
})

const log = pino({ level: 'silent' })
const never = new AbortController().signal

/** With all three channels declared. */
async function setUp({ perChannel = 1_000, hand }: { perChannel?: number; hand?: HandOver } = {}) {
  const { db } = books.database
  const store = createChannelStore(books.database)
  const queue = createQueue({ db, processId: 'one', mostWaiting: 3 })
  const seal = createSeal({ platformSecret: 'x'.repeat(32), purpose: 'channel' })
  const limit = (name: string, attempts: number) =>
    memoryLimit({ name, attempts, seconds: 60, message: 'Too many.' })
  let stored = 0
  const webhooks = createWebhooks({
    ...{ channels: store, queue, seal, clock: systemClock, log, onStored: () => stored++ },
    limits: { perNetwork: limit('n', 1_000), perChannel: limit('c', perChannel) },
  })
  const hosts = { apiOrigin: 'https://api.test' }
  const service = createChannels({ store, seal: seal.seal, hosts, clock: systemClock })
  const all = Object.fromEntries(Object.entries(PROOFS).map(([kind, proof]) => [kind, { proof }]))
  const { channels: states } = await service.declare(instanceId, { channels: all })
  const app = new Hono().route('/channels', webhooks)
  const handed: ChannelMessage[] = []
  const handOver: HandOver =
    hand ??
    (async (_, __, body) => {
      handed.push(body as ChannelMessage)
      return { kind: 'taken' }
    })
  const deliver = createDeliveries({
    queue,
    channels: store,
    open: seal.open,
    handOver,
    clock: systemClock,
    log,
  })
  return {
    ...{ service, states, handed, queue, store },
    stored: () => stored,
    post: (kind: ChannelKind, { headers, body }: Made, url = states[kind]?.url ?? '') =>
      app.request(url.replace('https://api.test', ''), { method: 'POST', headers, body }),
    async deliverAll() {
      for (const row of await queue.claim(10)) await deliver(row, never)
    },
  }
}

const messages = () => books.database.db.select().from(channelMessages)

it('answers each service as it wants once the message is stored, and hands it over once', async () => {
  const { post, deliverAll, handed, stored, service } = await setUp()
  const made = {
    telegram: signed.telegram(telegramUpdate(1, 'from Telegram')),
    slack: signed.slack(slackDirect('Ev1', 'from Slack')),
    discord: signed.discord(discordCommand('175928847299117063', 'from Discord')),
  }
  for (let times = 0; times < 2; times++) {
    expect(await (await post('telegram', made.telegram)).json()).toEqual({ ok: true })
    expect(await (await post('slack', made.slack)).json()).toEqual({})
    expect(await (await post('discord', made.discord)).json()).toEqual({ type: 5 })
  }
  expect(stored()).toBe(3)
  // At rest, it cannot be read.
  expect(
    JSON.stringify(
      (await messages()).map(({ ciphertext }) => Buffer.from(ciphertext ?? []).toString('latin1')),
    ),
  ).not.toContain('from ')
  await deliverAll()
  await deliverAll()
  expect(handed.map(({ words }) => words).sort()).toEqual(['from Discord', 'from Slack', 'from Telegram'])
  expect(new Set(handed.map(({ id }) => id)).size).toBe(3)
  const { channels: states } = await service.states(instanceId)
  expect(states.slack).toMatchObject({ waiting: 0, note: null, lastDeliveredAt: expect.any(String) })
})

it('proves itself to Slack and Discord by a right signature alone', async () => {
  const { post } = await setUp()
  const challenge = { type: 'url_verification', challenge: 'abc' }
  expect(await (await post('slack', signed.slack(challenge))).json()).toEqual({ challenge: 'abc' })
  const ping = { id: '1', application_id: '9', type: 1, token: 't', version: 1 }
  expect(await (await post('discord', signed.discord(ping))).json()).toEqual({ type: 1 })
  expect((await post('slack', signed.telegram(challenge))).status).toBe(404)
  expect((await post('discord', signed.telegram(ping))).status).toBe(401)
  expect(await messages()).toEqual([])
})

it.each<[ChannelKind, number, Made]>([
  ['telegram', 404, signed.telegram(telegramUpdate(1, 'x'))],
  ['slack', 404, signed.slack(slackDirect('Ev1', 'x'))],
  ['discord', 401, signed.discord(discordCommand('1', 'x'))],
])('answers for an unknown channel of %s as for a wrong signature', async (kind, status, right) => {
  const { post, states } = await setUp()
  const wrong = await post(kind, { headers: {}, body: right.body })
  const unknown = await post(kind, right, `/channels/${kind}/${'A'.repeat(22)}`)
  const malformed = await post(kind, right, `/channels/${kind}/x`)
  const others = await post(
    kind,
    right,
    states[kind === 'slack' ? 'telegram' : 'slack']?.url.replace(/\/(slack|telegram)\//, `/${kind}/`),
  )
  const answers = [wrong, unknown, malformed, others]
  expect(answers.map((answer) => answer.status)).toEqual([status, status, status, status])
  expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1)
  expect(await messages()).toEqual([])
})

it.each([{ isSuspended: true }, { desired: 'deleted' as const }])(
  'knows no channel of an instance with %o',
  async (set) => {
    const { post } = await setUp()
    await books.database.db.update(instances).set(set).where(eq(instances.id, instanceId))
    expect((await post('telegram', signed.telegram(telegramUpdate(1, 'x')))).status).toBe(404)
  },
)

it('says so when too many come, or wait, or one is too large', async () => {
  const limited = await setUp({ perChannel: 1 })
  const update = (id: number) => signed.telegram(telegramUpdate(id, 'x'))
  expect((await limited.post('telegram', update(1))).status).toBe(200)
  const refused = await limited.post('telegram', update(2))
  expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
  const { post } = await setUp()
  for (const id of [1, 2, 3]) await post('telegram', update(id))
  expect((await post('telegram', update(4))).status).toBe(429)
  const large = signed.telegram(telegramUpdate(5, 'x'.repeat(300_000)))
  expect((await post('telegram', large)).status).toBe(400)
})

it('keeps the address of a channel that is declared again, and forgets one that is not', async () => {
  const { service, states, post } = await setUp()
  const again = await service.declare(instanceId, {
    channels: { telegram: { proof: 'another-proof-of-telegram-00000000' } },
  })
  expect(again.channels).toEqual({ telegram: expect.objectContaining({ url: states.telegram?.url }) })
  const made = signed.telegram(telegramUpdate(1, 'x'))
  expect((await post('telegram', made)).status).toBe(404)
  const headers = { 'x-telegram-bot-api-secret-token': 'another-proof-of-telegram-00000000' }
  expect((await post('telegram', { ...made, headers })).status).toBe(200)
  expect((await post('slack', signed.slack(slackDirect('Ev1', 'x')))).status).toBe(404)
})

it('tries again what was not taken, says so to the owner, and gives up after a day', async () => {
  const outcomes: (Outcome | Error)[] = [new Error('It did not wake.'), new Error('It did not wake.')]
  const hand: HandOver = async () => {
    const outcome = outcomes.shift() ?? { kind: 'taken' }
    if (outcome instanceof Error) throw outcome
    return outcome
  }
  const { post, deliverAll, service, queue } = await setUp({ hand })
  const noteOf = async () => (await service.states(instanceId)).channels.telegram
  await post('telegram', signed.telegram(telegramUpdate(1, 'x')))
  await deliverAll()
  expect(await noteOf()).toMatchObject({ waiting: 1, note: { words: 'A message waits: It did not wake.' } })
  const due = { nextAttemptAt: sql`now()`, receivedAt: sql`now() - interval '25 hours'` }
  await books.database.db.update(channelMessages).set(due)
  await deliverAll()
  expect(await noteOf()).toMatchObject({ waiting: 0, note: { words: expect.stringContaining('for a day') } })
  expect(await queue.claim(5)).toEqual([])
})

it('drops what the computer will never take, so that it holds up nothing', async () => {
  const hand: HandOver = async () => ({ kind: 'refused', words: 'The computer refused it with 404.' })
  const { post, deliverAll, service } = await setUp({ hand })
  await post('telegram', signed.telegram(telegramUpdate(1, 'x')))
  await deliverAll()
  const { channels: states } = await service.states(instanceId)
  expect(states.telegram).toMatchObject({ waiting: 0, note: { words: 'The computer refused it with 404.' } })
})
