import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { bootWithApps } from '../../testing/apps.ts'

interface Call {
  request: IncomingMessage
  response: ServerResponse
  body: Record<string, unknown>
  /** What it may cost at most, in USD. */
  limit: number
}

/** A proxy that answers as the test says. */
async function proxy(answer: (call: Call) => void) {
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request))
    const call = { request, response, body, limit: Number(request.headers['x-credits-limit-usd']) }
    calls.push(call)
    answer(call)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    calls,
    settings: { ai: { url: `http://127.0.0.1:${port}`, token: 'mosai_token' } },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
const costing = (usd: string) => (call: Call) => {
  call.response.writeHead(200, { 'content-type': 'application/json', 'x-credits-cost-usd': usd })
  call.response.end('{"content":[]}')
}
const streaming = ({ response }: Call) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', trailer: 'x-credits-cost-usd' })
  response.write('data: {"type":"message_start"}\n\n')
}

type At = Awaited<ReturnType<typeof bootWithApps>>
const QUESTION = { messages: [{ role: 'user', content: 'Hi' }] }
const askAi = (at: At, app = 'game', body: object = QUESTION, more: object = {}) =>
  at.ask(app, '/.app/ai/messages', { method: 'POST', body: JSON.stringify(body), ...more })
const decide = (at: At, isAllowed: boolean, limitUsd?: string, app = 'game') =>
  fetch(at.url(`/api/apps/${app}/ai`), {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'x-computer-request': '1' },
    body: JSON.stringify({ isAllowed, ...(limitUsd ? { limitUsd } : {}) }),
  })
const entryOf = async (at: At, app = 'game') => {
  const { apps } = await (await fetch(at.url('/api/apps'))).json()
  return apps.find(({ name }: { name: string }) => name === app)
}

test('asks the owner once, and the call waits for the answer', async () => {
  await using ai = await proxy(costing('0.01'))
  await using at = await bootWithApps({ game: {} }, ai.settings)
  const asked = askAi(at)
  await expect.poll(async () => (await entryOf(at)).ai.consent).toBe('asking')
  expect(ai.calls).toHaveLength(0)
  expect((await decide(at, true)).status).toBe(200)
  expect((await asked).status).toBe(200)
  expect((await askAi(at)).status).toBe(200)
  await expect.poll(async () => (await entryOf(at)).ai.spentUsd).toBe('0.02')
  expect(ai.calls[0]?.request.headers).toMatchObject({ 'x-api-key': 'mosai_token' })
  expect(ai.calls[0]?.body).toMatchObject({ model: 'claude-haiku-4-5', max_tokens: 1024 })
  expect((await entryOf(at)).ai).toEqual({
    ...{ consent: 'allowed', limitUsd: '0.50', spentUsd: '0.02', visitorsSpentUsd: '0.00' },
  })
})

test('keeps the answer, takes it back, and asks anew for another app of the same name', async () => {
  await using ai = await proxy(costing('0.01'))
  await using at = await bootWithApps({ game: { 'index.html': '' } }, ai.settings)
  await decide(at, true, '2.00')
  await askAi(at)
  const kept = async () => JSON.parse(await readFile(join(at.home, 'system/apps.json'), 'utf8')).apps.game
  await expect.poll(kept).toMatchObject({ consent: 'allowed', limitUsd: '2.00', spentUsd: '0.01' })
  await decide(at, false)
  expect((await askAi(at)).status).toBe(403)
  expect(ai.calls).toHaveLength(1)
  const headers = { 'x-computer-request': '1' }
  expect((await fetch(at.url('/api/apps/game'), { method: 'DELETE', headers })).status).toBe(200)
  await at.write('game/app.json', '{"name":"Another"}')
  expect((await entryOf(at)).ai.consent).toBe('unasked')
})

test('stops an app that runs away at its limit, and never lets more be spent', async () => {
  // Each takes all that it may.
  await using ai = await proxy((call) => costing(call.limit.toFixed(9))(call))
  await using at = await bootWithApps({ game: {} }, ai.settings)
  await decide(at, true, '0.10')
  const statuses: number[] = []
  for (let round = 0; round < 12; round++) {
    const answers = await Promise.all(Array.from({ length: 6 }, () => askAi(at)))
    statuses.push(...answers.map(({ status }) => status))
  }
  expect(statuses).toContain(402)
  const spent = ai.calls.reduce((sum, { limit }) => sum + limit, 0)
  expect(spent).toBeLessThanOrEqual(0.1 + 1e-9)
  expect(Number((await entryOf(at)).ai.spentUsd)).toBeLessThanOrEqual(0.1)
  const refused = await askAi(at)
  expect([402, 429]).toContain(refused.status)
  expect(await refused.json()).toMatchObject({ type: 'error', error: { message: expect.any(String) } })
})

test('passes a stream on as it comes, and books what its end says', async () => {
  await using ai = await proxy(streaming)
  await using at = await bootWithApps({ game: {} }, ai.settings)
  await decide(at, true)
  const answer = await askAi(at, 'game', { ...QUESTION, stream: true })
  const reader = answer.body?.getReader()
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('message_start')
  ai.calls[0]?.response.addTrailers({ 'x-credits-cost-usd': '0.03' })
  ai.calls[0]?.response.end()
  await reader?.read()
  await expect.poll(async () => (await entryOf(at)).ai.spentUsd).toBe('0.03')
})

test('reads an answer to its end whose page has left, and counts one that was cut as the most it could be', async () => {
  await using ai = await proxy(streaming)
  await using at = await bootWithApps({ game: {} }, ai.settings)
  await decide(at, true, '0.40')
  const left = await askAi(at, 'game', { ...QUESTION, stream: true })
  await left.body?.cancel()
  ai.calls[0]?.response.addTrailers({ 'x-credits-cost-usd': '0.02' })
  ai.calls[0]?.response.end()
  await expect.poll(async () => (await entryOf(at)).ai.spentUsd).toBe('0.02')
  const cut = await askAi(at, 'game', { ...QUESTION, stream: true })
  ai.calls[1]?.response.destroy()
  await cut.text().catch(() => undefined)
  await expect.poll(async () => Number((await entryOf(at)).ai.spentUsd)).toBeCloseTo(0.02 + 0.38 / 4, 6)
})

test('counts what was under way at a kill as spent', async () => {
  await using ai = await proxy(streaming)
  await using at = await bootWithApps({ game: {} }, ai.settings)
  await decide(at, true, '0.40')
  await askAi(at, 'game', { ...QUESTION, stream: true })
  const kept = JSON.parse(await readFile(join(at.home, 'system/apps.json'), 'utf8'))
  expect(kept.apps.game.spentUsd).toBe('0.10')
})

test('books what an app is called by another name costs where it is, and what one that is gone costs nowhere', async () => {
  await using ai = await proxy(streaming)
  await using at = await bootWithApps({ game: { 'index.html': '' } }, ai.settings)
  const kept = async () => JSON.parse(await readFile(join(at.home, 'system/apps.json'), 'utf8')).apps
  const headers = { 'content-type': 'application/json', 'x-computer-request': '1' }
  await decide(at, true, '0.40')
  await askAi(at, 'game', { ...QUESTION, stream: true })
  const body = JSON.stringify({ to: 'other' })
  await fetch(at.url('/api/apps/game/rename'), { method: 'POST', headers, body })
  ai.calls[0]?.response.addTrailers({ 'x-credits-cost-usd': '0.02' })
  ai.calls[0]?.response.end()
  await expect.poll(kept).toEqual({ other: expect.objectContaining({ spentUsd: '0.02' }) })
  await askAi(at, 'other', { ...QUESTION, stream: true })
  await fetch(at.url('/api/apps/other'), { method: 'DELETE', headers })
  ai.calls[1]?.response.end()
  await at.stop()
  expect(await kept()).toEqual({})
})

test('spends on others only what the platform says, of a purse of its own', async () => {
  await using ai = await proxy(costing('0.01'))
  await using at = await bootWithApps({ game: {} }, ai.settings)
  for (const role of ['visitor', 'viewer'] as const) {
    expect((await askAi(at, 'game', QUESTION, { role })).status).toBe(403)
    expect((await askAi(at, 'game', QUESTION, { role, ai: '0' })).status).toBe(403)
  }
  expect((await askAi(at, 'game', QUESTION, { role: 'visitor', ai: '20000000' })).status).toBe(200)
  expect((await askAi(at, 'game', QUESTION, { role: 'visitor', ai: '20000000' })).status).toBe(200)
  await expect.poll(async () => (await entryOf(at)).ai.visitorsSpentUsd).toBe('0.02')
  expect((await askAi(at, 'game', QUESTION, { role: 'visitor', ai: '20000000' })).status).toBe(402)
  expect((await entryOf(at)).ai).toMatchObject({
    consent: 'unasked',
    spentUsd: '0.00',
    visitorsSpentUsd: '0.02',
  })
  await decide(at, false)
  expect((await askAi(at, 'game', QUESTION, { role: 'visitor', ai: '90000000' })).status).toBe(403)
})

test.each([
  [
    'tools that the provider runs',
    { ...QUESTION, tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
  ],
  ['nothing', {}],
  ['too many messages', { messages: Array(300).fill(QUESTION.messages[0]) }],
])('does not pass on a request for %s', async (_, body) => {
  await using ai = await proxy(costing('0.01'))
  await using at = await bootWithApps({ game: {} }, ai.settings)
  await decide(at, true)
  expect((await askAi(at, 'game', body)).status).toBe(400)
  expect(ai.calls).toHaveLength(0)
})

test('holds strangers who all come first at once to what there is for them', async () => {
  await using ai = await proxy((call) => costing(call.limit.toFixed(9))(call))
  await using at = await bootWithApps({ game: {} }, ai.settings)
  const first = Array.from({ length: 8 }, () =>
    askAi(at, 'game', QUESTION, { role: 'visitor', ai: '20000000' }),
  )
  await Promise.all(first)
  expect(ai.calls.length).toBeGreaterThan(1)
  expect(ai.calls.reduce((sum, { limit }) => sum + limit, 0)).toBeLessThanOrEqual(0.02 + 1e-9)
})

test('cuts what an app asks for down to what an app may, and leaves out the rest', async () => {
  await using ai = await proxy(costing('0.01'))
  await using at = await bootWithApps({ game: {} }, ai.settings)
  await decide(at, true)
  await askAi(at, 'game', { ...QUESTION, max_tokens: 1_000_000, mcp_servers: [{}], container: 'x' })
  expect(ai.calls[0]?.body).toEqual({
    ...QUESTION,
    model: 'claude-haiku-4-5',
    max_tokens: 4096,
    stream: false,
  })
})

test('says plainly when there is no AI, or none that answers', async () => {
  await using none = await bootWithApps({ game: {} })
  expect((await askAi(none)).status).toBe(503)
  await using at = await bootWithApps({ game: {} }, { ai: { url: 'http://127.0.0.1:9', token: 'x' } })
  await decide(at, true)
  const answer = await askAi(at)
  expect([answer.status, await answer.json()]).toMatchObject([502, { error: { type: 'api_error' } }])
  expect((await entryOf(at)).ai.spentUsd).toBe('0.00')
})
