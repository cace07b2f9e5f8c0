/** The bytes on their way: whole, at once, no faster than they are read, and cut where the provider cut them. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { delta, event, SSE, start, stop, text } from './testing/fake-provider.ts'
import { rawCall } from './testing/raw-client.ts'
import { BODY, post, startTestProxy } from './testing/test-proxy.ts'

const STREAM = { ...BODY, stream: true }
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test.each([1, 2, 3, 7, 64])('passes bytes on as they are, and reads them, in pieces of %i', async (size) => {
  await using proxy = await startTestProxy()
  const answer = Buffer.from(
    `: comment\r\n${start().replaceAll('\n', '\r\n')}${text('Grüße 😀 – "\\n"')}event: ping\ndata: {"type":"ping"}\n\n${delta()}${stop()}`,
  )
  proxy.provider.answer(async (response) => {
    response.writeHead(200, SSE)
    for (let at = 0; at < answer.length; at += size) {
      response.write(answer.subarray(at, at + size))
      await new Promise(setImmediate)
    }
    response.end()
  })
  const response = await post(proxy.url, STREAM)
  expect(hash(new Uint8Array(await response.arrayBuffer()))).toBe(hash(answer))
  await expect
    .poll(() => proxy.ledger.rows)
    .toMatchObject([{ status: 'settled', usage: { input: 100, output: 20 }, cost: 200_000n }])
})

test('says what a stream cost after its end, in trailers', async () => {
  await using proxy = await startTestProxy()
  proxy.provider.answer((response) => {
    response.writeHead(200, SSE).end(start() + text('a') + delta() + stop())
  })
  const call = await rawCall(proxy.url)
  expect(call.response.headers).not.toHaveProperty('x-credits-cost-usd')
  while ((await call.next()) !== null);
  expect(call.response.trailers).toMatchObject({ 'x-credits-cost-usd': '0.0002' })
  expect(Number(call.response.trailers['x-credits-remaining-usd'])).toBeGreaterThan(0)
})

test('sends headers before any byte of the body, and each piece when it comes', async () => {
  await using proxy = await startTestProxy()
  let open: ServerResponse | undefined
  proxy.provider.answer((response) => {
    open = response.writeHead(200, SSE)
    response.flushHeaders()
  })
  const call = await rawCall(proxy.url)
  expect(call.response.headers).toMatchObject({ 'x-accel-buffering': 'no', 'request-id': 'req_1' })
  for (const piece of [start(), text('a'), text('b')]) {
    open?.write(piece)
    expect(await call.next()).toBe(piece)
  }
  open?.end(delta() + stop())
  expect(await call.next()).toBe(delta() + stop())
  expect(await call.next()).toBeNull()
})

test('asks no more of the provider than a slow client reads', async () => {
  await using proxy = await startTestProxy()
  const piece = Buffer.from(text('x'.repeat(65_536)))
  const total = 64 * 16
  let written = 0
  let isBlocked = false
  proxy.provider.answer(async (response) => {
    response.writeHead(200, SSE).write(start())
    for (; written < total; written++) {
      if (response.write(piece)) continue
      isBlocked = true
      await once(response, 'drain')
      isBlocked = false
    }
    response.end(delta() + stop())
  })
  const call = await rawCall(proxy.url)
  await call.next()
  // Buffers of the system on both ways are all that fills: 64 MB would otherwise be in memory here.
  let before = -1
  await expect
    .poll(
      () => {
        const isStill = isBlocked && written === before
        before = written
        return isStill
      },
      { interval: 200 },
    )
    .toBe(true)
  expect(written).toBeLessThan(total / 2)
  let bytes = 0
  for (let next = await call.next(); next !== null; next = await call.next()) bytes += next.length
  expect(bytes).toBeGreaterThan(total * 65_536)
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ status: 'settled' }])
})

test('passes an error event on, and settles on the last usage before it', async () => {
  await using proxy = await startTestProxy()
  const answer =
    start() + text('a') + event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } })
  proxy.provider.answer((response) => void response.writeHead(200, SSE).end(answer))
  expect(await (await post(proxy.url, STREAM)).text()).toBe(answer)
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ status: 'settled', cost: 105_000n }])
})

test('charges nothing for an answer that is an error event alone', async () => {
  await using proxy = await startTestProxy()
  const answer = event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } })
  proxy.provider.answer((response) => void response.writeHead(200, SSE).end(answer))
  expect(await (await post(proxy.url, STREAM)).text()).toBe(answer)
  await expect.poll(() => proxy.ledger.holds.size).toBe(0)
  expect(proxy.ledger.rows).toEqual([])
})

test.each([
  ['after the first usage', start() + text('a')],
  ['after a usage that was not the last', start() + delta({ output_tokens: 5 })],
  ['before any usage', ': nothing\n\n'],
])('cuts the client where the provider was cut %s, and charges the whole hold', async (_, answer) => {
  await using proxy = await startTestProxy()
  proxy.provider.answer((response) => {
    response.writeHead(200, SSE).write(answer, () => response.destroy())
  })
  const response = await post(proxy.url, STREAM)
  await expect(response.text()).rejects.toThrow()
  const held = proxy.ledger.operations.find(({ kind }) => kind === 'hold')
  await expect
    .poll(() => proxy.ledger.rows)
    .toMatchObject([{ status: 'estimated', cost: held?.kind === 'hold' ? held.amount : -1n }])
  expect(proxy.ledger.holds.size).toBe(0)
})

test('estimates a stream that ends as if it were whole, without its last events', async () => {
  await using proxy = await startTestProxy()
  proxy.provider.answer((response) => void response.writeHead(200, SSE).end(start() + text('a')))
  await (await post(proxy.url, STREAM)).text()
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ status: 'estimated' }])
})

test('reads on when the client is gone, with its slot free, and settles on what was really used', async () => {
  await using proxy = await startTestProxy()
  let open: ServerResponse | undefined
  proxy.provider.answer((response) => {
    open = response
    response.writeHead(200, SSE).write(start())
  })
  const call = await rawCall(proxy.url)
  expect(await call.next()).toBe(start())
  call.leave()
  await expect.poll(() => [...proxy.ledger.holds.values()]).toMatchObject([{ isDraining: true }])
  open?.end(text('a') + delta({ output_tokens: 90 }) + stop())
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ status: 'settled', cost: 550_000n }])
})

test.each([
  ['it takes too long', { drainMs: 1 }],
  ['too many are read on already', { drainsAtOnce: 0 }],
])('gives the provider up when the client is gone and %s, and charges the whole hold', async (_, limits) => {
  await using proxy = await startTestProxy({ limits })
  proxy.provider.answer((response) => void response.writeHead(200, SSE).write(start()))
  const call = await rawCall(proxy.url)
  expect(await call.next()).toBe(start())
  call.leave()
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ status: 'estimated' }])
  await expect.poll(() => proxy.provider.closed()).toBe(1)
  expect(proxy.ledger.budget('usr_1').held).toBe(0n)
})

test('gives the provider up in time while the books are away', async () => {
  await using proxy = await startTestProxy({ limits: { drainMs: 1 } })
  proxy.provider.answer((response) => void response.writeHead(200, SSE).write(start()))
  const call = await rawCall(proxy.url)
  expect(await call.next()).toBe(start())
  proxy.ledger.fail(Number.POSITIVE_INFINITY)
  call.leave()
  await expect.poll(() => proxy.provider.closed()).toBe(1)
  proxy.ledger.fail(0)
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ status: 'estimated' }])
})

test("stops at once what a person's own key pays for when they are gone", async () => {
  const sealed = { keyVersion: 1, iv: new Uint8Array(12), ciphertext: new Uint8Array(16) }
  await using proxy = await startTestProxy({ caller: { ownKeys: { anthropic: sealed } } })
  proxy.provider.answer((response) => void response.writeHead(200, SSE).write(start()))
  const call = await rawCall(proxy.url)
  expect(await call.next()).toBe(start())
  call.leave()
  await expect.poll(() => proxy.provider.closed()).toBe(1)
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ status: 'estimated', payer: 'own' }])
  expect(proxy.ledger.operations.map(({ kind }) => kind)).not.toContain('drain')
})

test('takes a client that reads nothing for gone', async () => {
  await using proxy = await startTestProxy({ limits: { stalledMs: 20, drainMs: 1 } })
  const piece = text('x'.repeat(65_536))
  proxy.provider.answer((response) => {
    const fill = () => {
      while (!response.destroyed && response.write(piece));
    }
    response.writeHead(200, SSE).on('drain', fill).write(start())
    fill()
  })
  await rawCall(proxy.url)
  await expect.poll(() => proxy.ledger.rows).toMatchObject([{ status: 'estimated' }])
})

test('settles what is under way when it stops, and loses nothing', async () => {
  await using proxy = await startTestProxy()
  proxy.provider.answer((response) => void response.writeHead(200, SSE).write(start()))
  const call = await rawCall(proxy.url)
  expect(await call.next()).toBe(start())
  expect(proxy.proxy.callsInFlight()).toBe(1)
  await proxy.proxy.close(1_000)
  expect(proxy.ledger.rows).toMatchObject([{ status: 'estimated' }])
  expect(proxy.ledger.holds.size).toBe(0)
})
