/** A whole instance, its platform, and the three services on this machine. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChannelKind, ChannelMessage } from '@matrixos/shared'
import {
  type ChannelServices,
  DISCORD_TOKEN,
  SLACK_SECRET,
  SLACK_TOKEN,
  startChannelServices,
  TELEGRAM_TOKEN,
} from '@matrixos/testing/channel-services'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bootInstance } from '../testing/instance.ts'
import { startPlatform } from '../testing/platform.ts'
import type { ChannelsView, SchedulesView } from './protocol.ts'

let platform: Awaited<ReturnType<typeof startPlatform>>
let services: ChannelServices
let instance: Awaited<ReturnType<typeof bootInstance>>
beforeAll(async () => {
  platform = await startPlatform()
  // Discord's test of the endpoint goes to a platform that is not there.
  const post = async (_: string, { headers }: { headers: Record<string, string> }) => {
    const isRight = headers['x-signature-ed25519'] !== undefined && isFirst
    isFirst = !isFirst
    return isRight ? { status: 200, body: '{"type":1}' } : { status: 401, body: '' }
  }
  let isFirst = true
  services = await startChannelServices({ post })
  const { TELEGRAM_API_URL: telegram, SLACK_API_URL: slack, DISCORD_API_URL: discord } = services.env
  instance = await bootInstance({ platform: platform.access, services: { telegram, slack, discord } })
})
afterAll(async () => {
  await instance?.[Symbol.asyncDispose]()
  await services?.[Symbol.asyncDispose]()
  await platform?.[Symbol.asyncDispose]()
})

async function call<T>(method: string, path: string, body?: object) {
  const headers = { 'content-type': 'application/json', 'x-computer-request': '1' }
  const answer = await fetch(instance.url(path), {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as T & { message?: string; field?: string } }
}
const channels = () => call<ChannelsView>('GET', '/api/channels')
const viewOf = async (kind: ChannelKind) => (await channels()).body.channels.find((one) => one.kind === kind)
const config = async () => JSON.parse(await readFile(join(instance.home, 'config.json'), 'utf8'))
const write = (content: object | string) =>
  writeFile(
    join(instance.home, 'config.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  )

const handOver = (what: string, body: object, headers: Record<string, string> = {}) =>
  fetch(instance.url(`/api/platform/${what}`), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-mos-role': 'platform', ...headers },
    body: JSON.stringify(body),
  })
let messages = 0
const message = (words: string, more: Partial<ChannelMessage> = {}): ChannelMessage => ({
  ...{ id: `telegram-${++messages}`, channel: 'telegram', conversation: 'telegram-7', words },
  ...{ from: { id: '7', name: 'Ada' }, at: '2026-05-01T09:00:00Z', reply: { chat: '7', message: '1' } },
  ...more,
})

it('refuses tokens that cannot be right, or that the service refuses, and keeps nothing of them', async () => {
  expect(await call('PUT', '/api/channels/telegram', { token: 'x' })).toMatchObject({
    ...{ status: 400, body: { field: 'token', message: expect.stringContaining('such as 123456') } },
  })
  const refused = await call('PUT', '/api/channels/telegram', { token: `1${TELEGRAM_TOKEN}` })
  expect(refused).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('Telegram refuses') },
  })
  expect(await config()).toEqual({ channels: {}, schedules: [] })
  expect(platform.state.channels).toEqual({})
  expect((await call('PUT', '/api/channels/fax', {})).status).toBe(404)
})

it('connects Telegram: the platform can check deliveries, and never gets the token', async () => {
  const { status } = await call('PUT', '/api/channels/telegram', { token: ` ${TELEGRAM_TOKEN} ` })
  expect(status).toBe(200)
  const view = await viewOf('telegram')
  expect(view).toMatchObject({ name: '@local_test_bot', isSetUp: true, trouble: null, people: [] })
  expect(services.state.webhook).toEqual({
    url: view?.url,
    secret: (await config()).channels.telegram.webhookSecret,
  })
  expect(platform.state.channels.telegram?.proof).toBe(services.state.webhook?.secret)
  expect(JSON.stringify(platform.state)).not.toContain(TELEGRAM_TOKEN)
})

it('lets the first person in by the code alone, then answers', async () => {
  const said = () => services.said.filter(({ to }) => to === '7').map(({ words }) => words)
  const taken = await handOver('messages', message('Hello'))
  expect(taken.status).toBe(202)
  await expect.poll(said).toEqual([expect.stringContaining('I don’t know you yet')])
  const code = (await viewOf('telegram'))?.code ?? ''
  await handOver('messages', message(code))
  await expect.poll(said).toHaveLength(2)
  expect((await config()).channels.telegram.people).toEqual([{ id: '7', name: 'Ada' }])
  const asked = message('What is the time?')
  for (let times = 0; times < 2; times++) await handOver('messages', asked)
  // This computer has no AI, which it says as its answer.
  await expect.poll(said).toHaveLength(3)
  expect(said()[2]).toContain('There is no AI')
  expect(services.state.typing).toBeGreaterThan(0)
  await expect.poll(() => platform.reports.at(-1)).toBe(false)
  expect(await viewOf('telegram')).toMatchObject({ answeredToday: 1 })
})

it.each([
  ['its owner', { 'x-mos-role': 'owner' }, 404],
  ['a viewer', { 'x-mos-role': 'viewer' }, 404],
  ['an app', { 'x-mos-app': 'game' }, 401],
])('takes from %s nothing that the platform alone may bring', async (_, headers, status) => {
  const answer = await handOver('messages', message('Hello'), headers)
  expect([status, 403, 405]).toContain(answer.status)
  expect(answer.status).not.toBe(202)
})

it('takes nothing that is no message', async () => {
  expect((await handOver('messages', { id: 1 })).status).toBe(400)
  expect((await handOver('nothing', {})).status).toBe(404)
})

it('connects Discord by its token alone, and Slack, whose address its owner pastes', async () => {
  expect((await call('PUT', '/api/channels/discord', { botToken: DISCORD_TOKEN })).status).toBe(200)
  expect(await viewOf('discord')).toMatchObject({ name: 'Local', isSetUp: true, left: null })
  expect(services.state.discordUrl).toBe((await viewOf('discord'))?.url)
  expect(services.state.commands).toMatchObject([{ name: 'ask' }])
  expect((await config()).channels.discord).toMatchObject({
    publicKey: platform.state.channels.discord?.proof,
  })
  await call('PUT', '/api/channels/slack', { botToken: SLACK_TOKEN, signingSecret: SLACK_SECRET })
  expect(await viewOf('slack')).toMatchObject({
    name: '@local_bot in Local',
    left: expect.stringContaining('Paste'),
  })
})

it('follows the file when it is edited by hand, and says what is wrong where', async () => {
  const before = await config()
  await write({
    ...before,
    mine: 1,
    schedules: [{ id: 'morning', cron: '0 9 * * *', words: 'Say hello.' }, { id: 'x' }],
  })
  await expect.poll(() => platform.state.schedules.map(({ id }) => id)).toEqual(['morning'])
  const { problems } = (await channels()).body
  expect(problems.map(({ place }) => place)).toEqual(['schedules.1.cron', 'schedules.1.words'])
  // A slip of the pen silences nobody, and nothing is written over it.
  const broken = '{ "channels": oops'
  await write(broken)
  await expect.poll(async () => (await channels()).body.problems[0]?.line).toBe(1)
  expect((await channels()).body.channels).toHaveLength(3)
  expect((await call('PUT', '/api/schedules/new', { cron: '0 9 * * *', words: 'x' })).status).toBe(409)
  expect(await readFile(join(instance.home, 'config.json'), 'utf8')).toBe(broken)
  await write({ ...before, mine: 1 })
  await expect.poll(() => platform.state.schedules).toEqual([])
})

it('keeps schedules, runs one now, and shows what it came to', async () => {
  const put = (id: string, more: object) =>
    call<SchedulesView>('PUT', `/api/schedules/${id}`, {
      cron: '0 9 * * *',
      timezone: 'Europe/Berlin',
      words: 'Say hello.',
      ...more,
    })
  expect(await put('morning', { cron: '* * * * *' })).toMatchObject({
    status: 400,
    body: { message: 'Too often.' },
  })
  expect(await put('morning', { words: '' })).toMatchObject({ status: 400, body: { field: 'words' } })
  const { body } = await put('morning', { channel: 'telegram' })
  expect(body.schedules).toMatchObject([
    { id: 'morning', nextRunAt: '2026-05-01T09:00:00.000Z', channel: 'telegram' },
  ])
  expect(body.channels).toEqual(['telegram'])
  expect((await config()).mine).toBe(1)
  const before = services.said.length
  expect((await call('POST', '/api/schedules/morning/run')).status).toBe(200)
  await expect.poll(() => services.said.length).toBe(before + 1)
  expect(services.said.at(-1)).toMatchObject({ service: 'telegram', to: '7' })
  const shown = (await call<SchedulesView>('GET', '/api/schedules')).body.schedules[0]?.last
  expect(shown).toMatchObject({ hasFailed: true, words: expect.stringContaining('no AI') })
  expect(
    (await handOver('schedules', { id: 'r1', schedule: 'morning', dueAt: '2026-05-01T09:00:00Z' })).status,
  ).toBe(202)
  await expect.poll(() => services.said.length).toBe(before + 2)
  const beat = await call<SchedulesView>('PUT', '/api/schedules/heartbeat', {
    everyMinutes: 30,
    words: 'Look around.',
  })
  expect(beat.body.heartbeat).toMatchObject({ everyMinutes: 30, channel: null })
  await call('DELETE', '/api/schedules/heartbeat')
  await call('DELETE', '/api/schedules/morning')
  expect(await config()).toMatchObject({ schedules: [] })
  expect((await call('POST', '/api/schedules/morning/run')).status).toBe(404)
})

it('tells the platform as soon as that is back', async () => {
  platform.state.isAway = true
  const { body } = await call<SchedulesView>('PUT', '/api/schedules/late', { cron: '0 9 * * *', words: 'x' })
  expect(body).toMatchObject({ platformTrouble: expect.stringContaining('can’t be reached') })
  platform.state.isAway = false
  await expect.poll(() => platform.state.schedules.map(({ id }) => id)).toEqual(['late'])
})

it('disconnects: the service delivers no more, and nothing of it is kept', async () => {
  await call('DELETE', '/api/channels/telegram')
  expect(services.state.webhook).toBe(null)
  expect(Object.keys(platform.state.channels).sort()).toEqual(['discord', 'slack'])
  expect((await config()).channels.telegram).toBe(undefined)
  expect(await readFile(join(instance.home, 'system/.channels.json'), 'utf8')).not.toContain('"telegram"')
})
