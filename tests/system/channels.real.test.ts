/**
 * A whole platform on PostgreSQL, and services that deliver to it: messages wake a stopped computer and are answered once,
 * also when what took them is killed before it handed them over.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { HOME_FOLDER } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import {
  type ChannelServices,
  DISCORD_TOKEN,
  SLACK_SECRET,
  SLACK_TOKEN,
  startChannelServices,
  TELEGRAM_TOKEN,
} from '@matrixos/testing/channel-services'
import { describeReal } from '@matrixos/testing/describe-real'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import type { ChannelsView, SchedulesView } from '../../apps/instance/src/channels/protocol.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import { createTestDatabase } from '../support/test-database.ts'

const HANDLE = 'ada'
const ANSWERED_WITHIN_MS = 45_000
const ENTRY = z.object({ answer: z.unknown(), isSending: z.boolean(), isDone: z.boolean() })

describeReal(['postgres'], 'channels and schedules', () => {
  let services: ChannelServices
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let stack: Stack
  let client: PlatformClient
  let sql: ReturnType<typeof postgres>

  const at = (path: string) => `${stack.url.replace('//', `//${HANDLE}.`)}${path}`
  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { 'content-type': 'application/json', 'x-computer-request': '1' }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const answer = await client.browser.fetch(at(path), init)
    const told = await answer.text()
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${told}`)
    return JSON.parse(told)
  }
  /** As they stand in its inbox, with an answer that is not sent yet. */
  const answersUnderWay = () => {
    const inbox = join(stack.dataDir, 'instances', HANDLE, HOME_FOLDER, 'system/.inbox')
    return readdirSync(inbox)
      .filter((name) => name.endsWith('.json'))
      .map((name) => ENTRY.parse(JSON.parse(readFileSync(join(inbox, name), 'utf8'))))
      .filter(({ answer, isDone }) => answer !== null && !isDone)
  }
  const observed = async () => (await client.trpc.tenants.mine.query()).observed
  const asleep = async () => {
    await putInstanceToSleep(client)
    await until('it sleeps', async () => (await observed()) === 'stopped', 30_000)
  }
  const saidTo = (to: string) => services.said.filter((one) => one.to === to).map(({ words }) => words)
  const said = (to: string, count: number) =>
    until(`${count} answers to ${to}`, () => saidTo(to).length >= count, ANSWERED_WITHIN_MS)

  beforeAll(async () => {
    services = await startChannelServices()
    database = await createTestDatabase(`channels_${process.pid}`)
    // Its owner's own use keeps it awake for so long, and what it is woken for no longer than that takes.
    const env = { DATABASE_URL: database.url, IDLE_LIMIT_S: '10', ...services.env }
    stack = await bootStack({ parts: 'embedded', env })
    sql = postgres(database.url, { max: 1, onnotice: () => undefined })
    client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: HANDLE })
    await waitUntilRunning(client)
    await client.browser.navigate(at('/'))
    await call('PUT', '/api/channels/telegram', { token: TELEGRAM_TOKEN })
    await call('PUT', '/api/channels/slack', { botToken: SLACK_TOKEN, signingSecret: SLACK_SECRET })
    const { channels } = await call<ChannelsView>('PUT', '/api/channels/discord', { botToken: DISCORD_TOKEN })
    services.state.slackUrl = channels.find(({ kind }) => kind === 'slack')?.url ?? null
    for (const [kind, id] of [
      ['telegram', '7'],
      ['slack', 'U7'],
      ['discord', '77'],
    ] as const)
      await call('PUT', `/api/channels/${kind}/people`, { people: [{ id, name: 'Ada' }] })
  }, 180_000)
  afterAll(async () => {
    await sql?.end()
    await stack?.[Symbol.asyncDispose]()
    await database?.drop()
    await services?.[Symbol.asyncDispose]()
  })

  it('has the services deliver to the platform, which tells them from others', async () => {
    const url = services.state.webhook?.url ?? ''
    expect(url).toMatch(/^http:\/\/api\.localhost:\d+\/channels\/telegram\/[\w-]{22}$/)
    // Discord's own test of the endpoint went through.
    expect(services.state.discordUrl).toContain('/channels/discord/')
    const forged = { ...services.state.webhook, url, secret: 'x'.repeat(64) }
    const right = services.state.webhook
    services.state.webhook = forged
    expect((await services.writeOnTelegram('Let me in')).status).toBe(404)
    services.state.webhook = right
  })

  it('wakes for a message from each service, and answers it once, however often it is delivered', async () => {
    await asleep()
    const before = services.said.length
    for (let times = 0; times < 2; times++) {
      expect((await services.writeOnTelegram('Hello', { id: 1 })).status).toBe(200)
      expect((await services.writeOnSlack('Hello', { id: 'Ev1' })).status).toBe(200)
      expect(JSON.parse((await services.writeOnDiscord('Hello', { id: '91' })).body)).toEqual({ type: 5 })
    }
    await Promise.all([said('7', 1), said('DU7', 1), said('123456789012345678/token-91', 1)])
    // Woken for that alone, it is not in use, and sleeps again.
    await until('it sleeps again', async () => (await observed()) === 'stopped', 60_000)
    expect((await services.writeOnTelegram('Hello', { id: 1 })).status).toBe(200)
    await said('7', 1)
    expect(services.said.length - before).toBe(3)
  })

  it('hands over what it took before it was killed, and that once', async () => {
    const before = services.said.length
    const writes = [2, 3, 4].map((id) => services.writeOnTelegram(`Message ${id}`, { id }))
    expect((await Promise.all(writes)).map(({ status }) => status)).toEqual([200, 200, 200])
    // The computer sleeps, so nothing has been handed over yet.
    await stack.kill('api')
    // As if the dead one had been silent for as long as its leases: 20 s.
    await sql`update channel_messages set lease_until = now() where lease_until > now()`
    await said('7', 4)
    for (const id of [2, 3, 4]) await services.writeOnTelegram(`Message ${id}`, { id })
    const waiting = async () =>
      (await sql`select count(*)::int as n from channel_messages where done_at is null`)[0]?.n
    await until('nothing waits', async () => (await waiting()) === 0)
    expect(services.said.length - before).toBe(3)
  })

  it('goes on with what a computer had taken that was killed before it answered', async () => {
    await until('it sleeps', async () => (await observed()) === 'stopped', 60_000)
    const before = services.said.length
    // The service takes nothing yet, so that there is a moment to kill it in.
    services.state.failures.push(...Array.from({ length: 8 }, () => 429))
    await services.writeOnTelegram('Are you there?', { id: 5 })
    const done = async () =>
      (await sql`select done_at from channel_messages where event_id = '5'`)[0]?.done_at
    await until('it is handed over', async () => (await done()) != null, ANSWERED_WITHIN_MS)
    await until('it tried to answer', () => services.state.failures.length < 8, ANSWERED_WITHIN_MS)
    // In the middle of a try, a kill would leave open whether the answer arrived, and it would not be sent again.
    await until('it knows that it was refused', () => answersUnderWay().every((one) => !one.isSending))
    services.state.failures.length = 0
    await stack.crash(HANDLE)
    await said('7', 5)
    expect(services.said.length - before).toBe(1)
  })

  it('wakes for a schedule, runs once what was missed, and sleeps again', async () => {
    await client.browser.navigate(at('/'))
    await waitUntilRunning(client)
    const content = {
      cron: '0 9 * * *',
      timezone: 'Europe/Berlin',
      words: 'Say good morning.',
      channel: 'telegram',
    }
    const { schedules } = await call<SchedulesView>('PUT', '/api/schedules/morning', content)
    expect(Date.parse(schedules[0]?.nextRunAt ?? '')).toBeGreaterThan(Date.now())
    await asleep()
    const before = saidTo('7').length
    await sql`update schedules set next_run_at = now() - interval '3 days'`
    await said('7', before + 1)
    await until('it sleeps again', async () => (await observed()) === 'stopped', 60_000)
    expect(saidTo('7')).toHaveLength(before + 1)
    const [row] = await sql`select next_run_at > now() as is_ahead from schedules`
    expect(row?.is_ahead).toBe(true)
  })
})
