/** What a page is told of its owner's AI credits: from a proxy that the test plays. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bootInstance } from '../testing/instance.ts'
import { createCredits } from './credits.ts'

let url = ''
let asked: (string | undefined)[] = []
let answer = { status: 200, body: '' }
const proxy = createServer((request, response) => {
  asked.push(`${request.url} ${String(request.headers['x-api-key'])}`)
  response.writeHead(answer.status).end(answer.body)
})

beforeEach(async () => {
  asked = []
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
})
afterEach(async () => {
  proxy.closeAllConnections()
  await new Promise((resolve) => proxy.close(resolve))
})

const budget = (alert: number | null) => ({ status: 200, body: JSON.stringify({ limit_usd: '5', alert }) })

test('says which threshold was reached, and asks once a minute at most', async () => {
  let now = 0
  const credits = createCredits({ url, token: 'mosai_x' }, () => now)
  answer = budget(80)
  expect(await credits()).toEqual({ alert: 80 })
  answer = budget(100)
  now = 59_999
  expect(await credits()).toEqual({ alert: 80 })
  now = 60_000
  expect(await Promise.all([credits(), credits()])).toEqual([{ alert: 100 }, { alert: 100 }])
  expect(asked).toEqual(['/budget mosai_x', '/budget mosai_x'])
})

test('keeps what it knew where there is no answer, or none that it understands', async () => {
  let now = 0
  const credits = createCredits({ url, token: 'mosai_x' }, () => now)
  answer = budget(80)
  await credits()
  for (const bad of [
    { status: 503, body: budget(100).body },
    { status: 200, body: '{"alert":7}' },
  ]) {
    answer = bad
    now += 60_000
    expect(await credits()).toEqual({ alert: 80 })
  }
  expect(asked).toHaveLength(3)
})

test("asks nobody without the variables, and shows no provider's key to anybody", async () => {
  expect(await createCredits(null, () => 0)()).toEqual({ alert: null })
  expect(await createCredits({ url, token: 'sk-ant-own' }, () => 0)()).toEqual({ alert: null })
  expect(asked).toEqual([])
})

test('tells the owner, and no viewer', async () => {
  await using instance = await bootInstance({ ai: { url, token: 'mosai_x' } })
  answer = budget(100)
  const read = async (headers: Record<string, string>) =>
    (await fetch(instance.url('/api/credits'), { headers })).json()
  const viewer = { 'x-mos-role': 'viewer', 'x-mos-user': 'bob' }
  expect(await read(viewer)).toEqual({ alert: null })
  expect(asked).toEqual([])
  expect(await read({})).toEqual({ alert: 100 })
})
